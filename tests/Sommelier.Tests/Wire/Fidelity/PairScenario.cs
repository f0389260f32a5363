using Sommelier.Canonical;

namespace Sommelier.Tests.Wire.Fidelity;

/// <summary>A conversation that is carried out through every pair of a caller's dialect and a vendor's format.</summary>
/// <param name="Name">In words, for the table.</param>
/// <param name="Ask">What the caller asks.</param>
/// <param name="Answer">What the vendor answers.</param>
/// <param name="Asked">What the vendor must have been asked, read off the request that reached it.</param>
/// <param name="Got">What the caller must get, read off the answer that reached it.</param>
internal sealed record PairScenario(
    string Name, Func<ChatRequest, ChatRequest> Ask, ChatResponse Answer, Func<ChatRequest, string> Asked, Func<ChatResponse, string> Got)
{
    private static readonly string[] Features =
    [
        "text", "tools", "parallel tool calls and their results", "image as bytes", "JSON schema", "reasoning effort: high",
    ];

    public static IReadOnlyList<PairScenario> All { get; } =
    [
        Of("text", "text", AnswerFeature.Answer(FinishReasonKind.Stop, new TextPart("Hello, \"you\" – 한글 🙂")), Text),
        Of("parallel tool calls", "tools", AnswerFeature.Answer(FinishReasonKind.ToolCalls, AnswerFeature.Call("call_a1", "Seoul"), AnswerFeature.Call("call_b2", "Lyon")), Calls),
        Of("tool results", "parallel tool calls and their results", AnswerFeature.Answer(FinishReasonKind.Stop, new TextPart("3 and 9.")), Text),
        Of("image", "image as bytes", AnswerFeature.Answer(FinishReasonKind.Stop, new TextPart("One pixel.")), Text),
        Of("schema", "JSON schema", AnswerFeature.Answer(FinishReasonKind.Stop, new TextPart("""{"city":"Seoul"}""")), Text),
        Of("reasoning", "reasoning effort: high", AnswerFeature.Answer(FinishReasonKind.Stop, new ReasoningPart("Six times seven."), new TextPart("42")), answer => $"{Thought(answer)} {Text(answer)}"),
        Of("stop by length", "text", AnswerFeature.Answer(FinishReasonKind.Length, new TextPart("Once upon a")), answer => $"{answer.FinishReason.Kind} {Text(answer)}"),
        Of("refusal", "text", AnswerFeature.Answer(FinishReasonKind.ContentFilter, new RefusalPart("I would rather not.")), answer => string.Concat(answer.Parts.Select(part => (part as RefusalPart)?.Text ?? (part as TextPart)?.Text))),
    ];

    public override string ToString() => Name;

    private static PairScenario Of(string name, string feature, ChatResponse answer, Func<ChatResponse, string> got)
    {
        Assert.Contains(feature, Features);
        var asked = RequestFeature.All.Single(each => each.Name == feature);
        return new(name, request => asked.Add(request, null), answer, asked.Probe, got);
    }

    private static string Text(ChatResponse answer) => string.Concat(answer.Parts.OfType<TextPart>().Select(part => part.Text));

    private static string Thought(ChatResponse answer) => string.Concat(answer.Parts.OfType<ReasoningPart>().Select(part => part.Text));

    private static string Calls(ChatResponse answer) =>
        $"{answer.FinishReason.Kind} {string.Join(' ', answer.Parts.OfType<ToolCallPart>().Select(call => $"{call.Name}({call.Arguments.Replace(" ", "", StringComparison.Ordinal)})"))}";
}
