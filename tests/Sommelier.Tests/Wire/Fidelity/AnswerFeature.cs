using Sommelier.Canonical;

namespace Sommelier.Tests.Wire.Fidelity;

/// <summary>One thing that a model may answer with, and how to see whether the caller still gets it.</summary>
/// <param name="Name">In words, for the table.</param>
/// <param name="Make">The answer; gets the vendor whose seals the caller's dialect carries bare.</param>
/// <param name="Probe">Reads it off an answer, as text that can be compared.</param>
internal sealed record AnswerFeature(string Name, Func<string?, ChatResponse> Make, Func<ChatResponse, string> Probe)
{
    private static readonly Usage Counts = new() { InputTokens = 100, CacheReadInputTokens = 40, InputAudioTokens = 20, OutputTokens = 30, ReasoningOutputTokens = 10, OutputAudioTokens = 5 };

    public static IReadOnlyList<AnswerFeature> All { get; } =
    [
        Of("text", Answer(FinishReasonKind.Stop, new TextPart("Hello, \"you\" – 한글 🙂")), answer => string.Concat(answer.Parts.OfType<TextPart>().Select(part => part.Text))),
        Of("parallel tool calls", Answer(FinishReasonKind.ToolCalls, Call("call_a1", "Seoul"), Call("call_b2", "Lyon")), answer => string.Join(' ', answer.Parts.OfType<ToolCallPart>().Select(call => $"{call.Name}({call.Arguments.Replace(" ", "", StringComparison.Ordinal)})"))),
        Of("ids of tool calls", Answer(FinishReasonKind.ToolCalls, Call("call_a1", "Seoul"), Call("call_b2", "Lyon")), answer => string.Join(' ', answer.Parts.OfType<ToolCallPart>().Select(call => call.Id))),
        Of("thinking", Answer(FinishReasonKind.Stop, new ReasoningPart("Six times seven."), new TextPart("42")), answer => string.Concat(answer.Parts.OfType<ReasoningPart>().Select(part => part.Text))),
        new("seal of the dialect's own vendor", vendor => Answer(FinishReasonKind.Stop, new ReasoningPart("Hm.", "c2VhbA==") { Vendor = vendor, Id = vendor == Sommelier.Wire.Seals.OpenAI ? "rs_1" : null }, new TextPart("42")), Seal),
        Of("seal of another vendor", Answer(FinishReasonKind.Stop, new ReasoningPart("Hm.", "c2VhbA==") { Vendor = "another" }, new TextPart("42")), Seal),
        Of("pages that a text is taken from", Answer(FinishReasonKind.Stop, Cited("Rain in Seoul.", new Citation("https://a.example/w", "Weather", "It rains", 0, 4), new Citation("https://b.example/", "B", null, 8, 13))), Citations),
        Of("refusal", Answer(FinishReasonKind.Stop, new RefusalPart("I would rather not.")), Refusal),
        Of("stop", Answer(FinishReasonKind.Stop, new TextPart("x")), Finish),
        Of("stop by length", Answer(FinishReasonKind.Length, new TextPart("x")), Finish),
        Of("stop for tools", Answer(FinishReasonKind.ToolCalls, Call("call_a1", "Seoul")), Finish),
        Of("stop by a filter", Answer(FinishReasonKind.ContentFilter, new TextPart("x")), Finish),
        Of("token counts", Answer(FinishReasonKind.Stop, new TextPart("x")), answer => $"{answer.Usage?.InputTokens} {answer.Usage?.OutputTokens}"),
        Of("counts of the cache", Answer(FinishReasonKind.Stop, new TextPart("x")), answer => $"{answer.Usage?.CacheReadInputTokens}"),
        Of("counts of thinking", Answer(FinishReasonKind.Stop, new TextPart("x")), answer => $"{answer.Usage?.ReasoningOutputTokens}"),
        Of("counts of audio", Answer(FinishReasonKind.Stop, new TextPart("x")), answer => $"{answer.Usage?.InputAudioTokens} {answer.Usage?.OutputAudioTokens}"),
        Of("the model's own name", Answer(FinishReasonKind.Stop, new TextPart("x")), answer => $"{answer.ResponseModel}"),
    ];

    public override string ToString() => Name;

    public static ToolCallPart Call(string id, string city) => new(id, "get_weather", $$"""{"city":"{{city}}"}""");

    public static ChatResponse Answer(FinishReasonKind finish, params ContentPart[] parts) => new()
    {
        Id = "answer1",
        ResponseModel = "model-1-2026",
        Parts = parts,
        FinishReason = new(finish),
        Usage = Counts,
    };

    private static AnswerFeature Of(string name, ChatResponse answer, Func<ChatResponse, string> probe) => new(name, _ => answer, probe);

    private static TextPart Cited(string text, params Citation[] citations) => new(text) { Citations = citations };

    private static string Citations(ChatResponse answer) =>
        string.Join('|', answer.Parts.OfType<TextPart>().SelectMany(text => text.Citations).Select(citation => $"{citation.Url} {citation.Title} {citation.Start}-{citation.End}"));

    // Its words, and that it is one: by a part of its own, or by why the answer ended.
    private static string Refusal(ChatResponse answer) =>
        string.Concat(answer.Parts.Select(part => (part as RefusalPart)?.Text ?? (part as TextPart)?.Text))
        + (answer.Parts.Any(part => part is RefusalPart) || answer.FinishReason.Kind == FinishReasonKind.ContentFilter ? " (refused)" : "");

    private static string Finish(ChatResponse answer) => $"{answer.FinishReason.Kind}";

    private static string Seal(ChatResponse answer) =>
        string.Join(' ', answer.Parts.OfType<ReasoningPart>().Select(part => Sommelier.Wire.Seals.Unwrap(part.Signature ?? part.Redacted ?? "", null).Seal).Where(seal => seal.Length > 0));
}
