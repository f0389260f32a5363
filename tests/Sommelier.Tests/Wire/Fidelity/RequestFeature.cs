using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire;
using Sommelier.Wire.CustomTools;
using Sommelier.Wire.Json;

namespace Sommelier.Tests.Wire.Fidelity;

/// <summary>One thing that a caller may ask for, and how to see whether it is still there.</summary>
/// <param name="Name">In words, for the table.</param>
/// <param name="Add">Adds it to a plain request; gets the vendor whose seals the target takes.</param>
/// <param name="Probe">Reads it off a request, as text that can be compared.</param>
internal sealed record RequestFeature(string Name, Func<ChatRequest, string?, ChatRequest> Add, Func<ChatRequest, string> Probe)
{
    public const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

    public const string Schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    public static ChatRequest Plain { get; } = new()
    {
        OriginalModel = "model-1",
        Format = "neutral",
        MaxOutputTokens = 1_000,
        Messages = [new Message(Role.User, [new TextPart("Hello.")])],
    };

    public static IReadOnlyList<RequestFeature> All { get; } =
    [
        Of("text", request => request, request => Texts(request.Messages)),
        Of("system text", request => request with { SystemInstructions = [new TextPart("Be brief.")] }, request => string.Concat(request.SystemInstructions.OfType<TextPart>().Select(part => part.Text))),
        Of("name of who speaks", request => request with { Messages = [request.Messages[0] with { Name = "Ann" }] }, request => $"{request.Messages[0].Name}"),
        Of("output limit", request => request with { MaxOutputTokens = 777 }, request => $"{request.MaxOutputTokens}"),
        Of("image as bytes", request => Say(request, new BlobPart("image/png", Png)), request => Parts<BlobPart>(request, part => $"{part.MediaType} {part.Data}")),
        Of("image by address", request => Say(request, new UriPart("https://example.com/a.png", MediaKind.Image)), request => Parts<UriPart>(request, part => part.Uri)),
        Of("PDF as bytes", request => Say(request, new BlobPart("application/pdf", "JVBERi0xLjQK", "a.pdf")), request => Parts<BlobPart>(request, part => $"{part.MediaType} {part.Data}")),
        Of("PDF by address", request => Say(request, new UriPart("https://example.com/a.pdf", MediaKind.Document)), request => Parts<UriPart>(request, part => $"{part.Uri} {part.Kind}")),
        Of("text file as bytes", request => Say(request, new BlobPart("text/plain", "SGVsbG8u", "a.txt")), request => Parts<BlobPart>(request, part => $"{part.MediaType} {part.Data}")),
        Of("search result, document of blocks", request => Say(request, new OpaquePart("neutral", "search_result", "{}") { Plain = [new TextPart("Seoul (a.example)\n3 degrees")] }), request => Texts(request.Messages)),
        Of("sound as bytes", request => Say(request, new BlobPart("audio/wav", "UklGRg==")), request => Parts<BlobPart>(request, part => $"{part.MediaType} {part.Data}")),
        Of("tools", request => request with { Tools = [Tool("get_weather"), Tool("get_time")] }, request => string.Join(' ', request.Tools.Select(tool => $"{tool.Name} {tool.Description} {Same(tool.ParametersSchema)}"))),
        Of("tool whose calls must match its schema", request => request with { Tools = [Tool("get_weather") with { Strict = true }] }, request => string.Join(' ', request.Tools.Select(tool => tool.Strict))),
        Of("custom tool, its call and result", Custom, request => $"{Customs(request)} {Conversation(request)}"),
        Of("custom tool with a grammar", request => request with { Tools = [CustomTool.Define("patch", "Patches.", "lark", "start: \"x\"", null)] }, Customs),
        Of("web search by the model's host", request => request with { Tools = [Hosted("web_search", new())] }, request => string.Join(' ', request.Tools.Select(tool => tool.WebSearch is not null))),
        Of("web search of some sites, near a place", request => request with { Tools = [Hosted("web_search", new() { AllowedDomains = ["a.example"], Location = new("Seoul", null, "KR", null) })] }, request => string.Join(' ', request.Tools.Select(tool => $"{string.Join(' ', tool.WebSearch!.AllowedDomains)} {tool.WebSearch.Location}"))),
        Of("another tool of the model's host", request => request with { Tools = [Hosted("code_interpreter", null)] }, request => $"{request.Tools.Count}"),
        Of("tool choice: required", request => Choose(request, new(ToolChoiceMode.Required)), request => $"{request.ToolChoice?.Mode}"),
        Of("tool choice: by name", request => Choose(request, new(ToolChoiceMode.Named, "get_time")), request => $"{request.ToolChoice?.Mode} {request.ToolChoice?.Name}"),
        Of("tool choice: none", request => Choose(request, new(ToolChoiceMode.None)), request => $"{request.ToolChoice?.Mode}"),
        Of("tool choice: one of some", request => Choose(request, new(ToolChoiceMode.Required, null, ["get_time"])), request => request.ToolChoice is { Mode: ToolChoiceMode.Required, Allowed: [var one] } ? one : $"{request.ToolChoice?.Name}"),
        Of("no parallel tool calls", request => request with { Tools = [Tool("get_weather")], ParallelToolCalls = false }, request => $"{request.ParallelToolCalls}"),
        Of("parallel tool calls and their results", History, request => Conversation(request)),
        Of("failed tool", request => History(request, failed: true), request => string.Join(' ', Results(request).Select(result => result.IsError))),
        Of("tool that answers with an image", Pictured, request => string.Join(' ', Results(request).SelectMany(result => result.Parts).OfType<BlobPart>().Select(part => part.Data))),
        new("thinking sealed by the target's vendor", Sealed, Seal),
        Of("thinking sealed by another vendor", request => Sealed(request, "another"), Seal),
        Of("marks for the prompt cache", Marked, Marks),
        Of("JSON object", request => request with { ResponseFormat = new(ResponseFormatKind.JsonObject) }, request => $"{request.ResponseFormat?.Kind}"),
        Of("JSON schema", request => request with { ResponseFormat = new(ResponseFormatKind.JsonSchema, "answer", Schema, true) }, request => $"{request.ResponseFormat?.Kind} {Same(request.ResponseFormat?.Schema)}"),
        Of("what a JSON schema is for", request => request with { ResponseFormat = new(ResponseFormatKind.JsonSchema, "answer", Schema, Description: "A place.") }, Purpose),
        Of("reasoning effort: low", request => request with { Reasoning = new(ReasoningEffort.Low) }, request => $"{request.Reasoning?.Effort}"),
        Of("reasoning effort: high", request => request with { Reasoning = new(ReasoningEffort.High) }, request => $"{request.Reasoning?.Effort}"),
        Of("reasoning budget in tokens", request => request with { MaxOutputTokens = 9_000, Reasoning = new(BudgetTokens: 2_048) }, request => $"{request.Reasoning?.BudgetTokens}"),
        Of("temperature", request => Draw(request, new() { Temperature = 0.5 }), request => $"{request.Sampling.Temperature}"),
        Of("temperature above 1", request => Draw(request, new() { Temperature = 1.5 }), request => $"{request.Sampling.Temperature}"),
        Of("top_p", request => Draw(request, new() { TopP = 0.25 }), request => $"{request.Sampling.TopP}"),
        Of("top_k", request => Draw(request, new() { TopK = 40 }), request => $"{request.Sampling.TopK}"),
        Of("frequency penalty", request => Draw(request, new() { FrequencyPenalty = 0.5 }), request => $"{request.Sampling.FrequencyPenalty}"),
        Of("presence penalty", request => Draw(request, new() { PresencePenalty = 0.5 }), request => $"{request.Sampling.PresencePenalty}"),
        Of("seed", request => Draw(request, new() { Seed = 7 }), request => $"{request.Sampling.Seed}"),
        Of("stop texts", request => Draw(request, new() { Stop = ["END", "STOP"] }), request => string.Join(' ', request.Sampling.Stop)),
        Of("several answers", request => Draw(request, new() { Choices = 2 }), request => $"{request.Sampling.Choices}"),
        Of("several answers in a stream", request => Draw(request with { Stream = true }, new() { Choices = 2 }), request => $"{request.Sampling.Choices}"),
        Of("log probabilities", request => Draw(request, new() { LogProbs = true, TopLogProbs = 3 }), request => $"{request.Sampling.TopLogProbs}"),
        Of("logit bias", request => Draw(request, new() { LogitBias = """{"50256":-100}""" }), request => Same(request.Sampling.LogitBias)),
        OfChat("predicted output", "prediction", """{"type":"content","content":"x"}"""),
        OfChat("how much to say (verbosity)", "verbosity", "\"low\""),
        OfChat("service tier", "service_tier", "\"flex\""),
        Of("end user's id", request => request with { EndUser = "user-1" }, request => request.EndUser ?? ""),
        Of("beginning of the answer (prefill)", request => request with { Messages = [.. request.Messages, new Message(Role.Assistant, [new TextPart("Well,")])] }, request => Texts(request.Messages)),
    ];

    public override string ToString() => Name;

    // What only OpenAI's formats know, as a chat client asks for it; the responses format has "text.verbosity".
    private static RequestFeature OfChat(string name, string field, string json) =>
        Of(name, request => request with { Extra = new("openai-chat", [new(field, json)]) }, request => Same(Extras.Find(request.Extra, field) ?? Extras.Find(request.Extra, $"text.{field}")));

    private static RequestFeature Of(string name, Func<ChatRequest, ChatRequest> add, Func<ChatRequest, string> probe) => new(name, (request, _) => add(request), probe);

    private static ToolDefinition Tool(string name) => new(name, $"Does {name}.", Schema);

    private static ChatRequest Say(ChatRequest request, ContentPart part) =>
        request with { Messages = [new Message(Role.User, [new TextPart("Look:"), part])] };

    private static ChatRequest Choose(ChatRequest request, ToolChoice choice) =>
        request with { Tools = [Tool("get_weather"), Tool("get_time")], ToolChoice = choice };

    private static ChatRequest Draw(ChatRequest request, Sampling sampling) => request with { Sampling = sampling };

    private static ChatRequest History(ChatRequest request) => History(request, failed: false);

    private static ChatRequest History(ChatRequest request, bool failed) => request with
    {
        Tools = [Tool("get_weather")],
        Messages =
        [
            new Message(Role.User, [new TextPart("Weather in Seoul and Lyon?")]),
            new Message(Role.Assistant, [new TextPart("Let me look."), Call("call_seoul_1", "Seoul"), Call("call_lyon_2", "Lyon")]),
            new Message(Role.Tool, [new ToolCallResponsePart("call_seoul_1", [new TextPart("3 degrees")], failed), new ToolCallResponsePart("call_lyon_2", [new TextPart("9 degrees")])]),
        ],
    };

    private static ChatRequest Custom(ChatRequest request) => request with
    {
        Tools = [CustomTool.Define("patch", "Patches.", null, null, null)],
        Messages =
        [
            new Message(Role.User, [new TextPart("Patch it.")]),
            new Message(Role.Assistant, [new ToolCallPart("call_1", "patch", CustomTool.Wrap("*** \"Begin\"\n+x")) { IsCustom = true }]),
            new Message(Role.Tool, [new ToolCallResponsePart("call_1", [new TextPart("Done.")])]),
        ],
    };

    private static string Customs(ChatRequest request) => string.Join(' ', request.Tools.Select(tool => $"{tool.Name} {tool.Custom}"));

    private static ToolDefinition Hosted(string type, WebSearch? search) =>
        new(type, null, null) { Opaque = new OpaquePart("neutral", type, $$"""{"type":"{{type}}"}"""), WebSearch = search };

    private static ChatRequest Pictured(ChatRequest request) => request with
    {
        Tools = [Tool("get_weather")],
        Messages =
        [
            new Message(Role.User, [new TextPart("Draw it.")]),
            new Message(Role.Assistant, [Call("call_1", "Seoul")]),
            new Message(Role.Tool, [new ToolCallResponsePart("call_1", [new TextPart("Here:"), new BlobPart("image/png", Png)])]),
        ],
    };

    private static ChatRequest Sealed(ChatRequest request, string? vendor)
    {
        var with = History(request);
        var said = with.Messages[1];
        var thought = new ReasoningPart("Two cities.", "c2VhbA==") { Vendor = vendor, Id = vendor == Seals.OpenAI ? "rs_1" : null };
        return with with { Messages = [with.Messages[0], said with { Parts = [thought, .. said.Parts] }, with.Messages[2]] };
    }

    // By the field that clients of several dialects borrow from Anthropic's.
    private static ChatRequest Marked(ChatRequest request) => History(request) with
    {
        Tools = [Tool("get_weather") with { Extra = Mark("""{"type":"ephemeral","ttl":"1h"}""") }],
        SystemInstructions = [new TextPart("Be brief.", Mark("""{"type":"ephemeral"}"""))],
        Messages = [new Message(Role.User, [new TextPart("A long story.", Mark("""{"type":"ephemeral"}""")), new TextPart("Weather?")])],
    };

    private static Extra Mark(string json) => new("neutral", [new(CacheMark.Field, json)]);

    // What each mark ends, as a field of it or as a block behind it.
    private static string Marks(ChatRequest request)
    {
        var tools = request.Tools.Select(static tool => tool.Opaque is { } opaque && CacheMark.Is(opaque) ? $"tools {CacheMark.Read(opaque.Json).Ttl};" : Told("tools", tool.Extra));
        var parts = request.SystemInstructions.Concat(request.Messages.SelectMany(static message => message.Parts)).ToList();
        return string.Concat(tools) + string.Concat(parts.Select((part, at) =>
            CacheMark.Is(part) ? $"{((TextPart)parts[at - 1]).Text} {CacheMark.Read(((OpaquePart)part).Json).Ttl};" : Told((part as TextPart)?.Text, part.Extra)));

        static string Told(string? what, Extra? extra) => CacheMark.Taken(extra).Mark is { } mark ? $"{what} {mark.Ttl};" : "";
    }

    private static ToolCallPart Call(string id, string city) => new(id, "get_weather", $$"""{"city":"{{city}}"}""");

    private static string Texts(IEnumerable<Message> messages) =>
        string.Join('|', messages.Select(message => $"{message.Role}:{string.Concat(message.Parts.OfType<TextPart>().Select(part => part.Text))}"));

    private static string Parts<T>(ChatRequest request, Func<T, string> probe)
        where T : ContentPart => string.Join(' ', request.Messages.SelectMany(message => message.Parts).OfType<T>().Select(probe));

    private static IEnumerable<ToolCallResponsePart> Results(ChatRequest request) => request.Messages.SelectMany(message => message.Parts).OfType<ToolCallResponsePart>();

    // Ids are the dialects' own affair, as long as each result stands by its call.
    private static string Conversation(ChatRequest request)
    {
        var calls = request.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().ToList();
        var results = Results(request).Select(result =>
            $"{calls.Find(call => call.Id == result.Id)?.Arguments.Replace(" ", "", StringComparison.Ordinal)}={string.Concat(result.Parts.OfType<TextPart>().Select(part => part.Text))}");
        return $"{Texts(request.Messages.Where(message => message.Role != Role.Tool && message.Parts.Any(part => part is TextPart)))} {string.Join(' ', calls.Select(call => call.Name))} {string.Join(' ', results)}";
    }

    private static string Seal(ChatRequest request) =>
        string.Join(' ', request.Messages.SelectMany(message => message.Parts).OfType<ReasoningPart>().Select(part => part.Signature ?? part.Redacted));

    // Beside the schema or in it.
    private static string Purpose(ChatRequest request) => request.ResponseFormat?.Description
        ?? JsonSerializer.Deserialize<JsonElement>(request.ResponseFormat?.Schema ?? "{}").GetProperty("description").GetString()!;

    private static string Same(string? json) => json is null ? "" : JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json));
}
