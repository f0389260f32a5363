using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Fidelity.Fields;

/// <summary>A member that nobody knows beside a wish for thinking, or in a call, is told of by models that think in any way, or not at all.</summary>
public sealed class ThinkingMemberTests
{
    private const string Name = "zz_odd";

    private static readonly (string Format, string Provider, string Maker, ReasoningOptions Reasoning, bool Thinks)[] Targets =
    [
        ("bedrock-converse", "bedrock", "amazon", new() { Efforts = ["low", "medium", "high"] }, true),
        ("bedrock-converse", "bedrock", "meta", ReasoningOptions.None, false),
        ("bedrock-converse", "bedrock", "anthropic", new() { Budget = true }, true),
        ("bedrock-converse", "bedrock", "anthropic", new() { Efforts = ["low", "high"] }, true),
        ("bedrock-converse", "bedrock", "anthropic", ReasoningOptions.None, false),
        ("anthropic-messages", "anthropic", "anthropic", new() { Budget = true }, true),
        ("anthropic-messages", "anthropic", "anthropic", ReasoningOptions.None, false),
        ("gemini", "gemini", "google", new() { Budget = true }, true),
        ("gemini", "gemini", "google", ReasoningOptions.None, false),
        ("openai-chat", "openai", "openai", ReasoningOptions.None, false),
        ("openai-chat", "groq", "", new() { Toggle = true }, true),
        ("openai-responses", "openai", "openai", ReasoningOptions.None, false),
        ("ollama", "ollama", "", new() { Toggle = true }, true),
        ("ollama", "ollama", "", ReasoningOptions.None, false),
    ];

    private static readonly (string Caller, string Path, string Body)[] Bodies =
    [
        ("anthropic-messages", "thinking.zz_odd", Anthropic("""{"type":"disabled","zz_odd":1}""")),
        ("anthropic-messages", "thinking.zz_odd", Anthropic("""{"type":"enabled","budget_tokens":1024,"zz_odd":1}""")),
        ("anthropic-messages", "thinking.zz_odd", Anthropic("""{"type":"adaptive","zz_odd":1}""")),
        ("gemini", "generationConfig.thinkingConfig.zz_odd", Gemini("""{"thinkingBudget":1024,"zz_odd":1}""")),
        ("gemini", "generationConfig.thinkingConfig.zz_odd", Gemini("""{"thinkingBudget":0,"zz_odd":1}""")),
        ("gemini", "generationConfig.thinkingConfig.zz_odd", Gemini("""{"thinkingLevel":"LOW","zz_odd":1}""")),
        ("gemini", "generationConfig.thinkingConfig.zz_odd", Gemini("""{"zz_odd":1}""")),
        ("openai-responses", "reasoning.zz_odd", Responses("""{"effort":"low","zz_odd":1}""")),
        ("openai-responses", "reasoning.zz_odd", Responses("""{"effort":"none","zz_odd":1}""")),
        ("openai-responses", "reasoning.zz_odd", Responses("""{"zz_odd":1}""")),
        ("ollama", "messages[1].tool_calls[0].function.zz_odd", """{"model":"m","stream":false,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{},"zz_odd":1}}]},{"role":"tool","tool_name":"f","content":"r"}]}"""),
    ];

    public static TheoryData<int, int> Cases => new(from target in Enumerable.Range(0, Targets.Length) from body in Enumerable.Range(0, Bodies.Length) select (target, body));

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_kept_or_told(int target, int body)
    {
        var (format, provider, maker, reasoning, thinks) = Targets[target];
        var (caller, path, text) = Bodies[body];
        var model = Target.Model with { Maker = maker, Reasoning = reasoning, Capabilities = thinks ? Target.Model.Capabilities : Target.Model.Capabilities & ~Capabilities.Reasoning };
        var quirks = ProviderRegistry.Find(provider)!.Quirks(model, format);
        var request = WireFormats.Get(caller).Requests.Read(Encoding.UTF8.GetBytes(text), new CallPath("m"));
        var (warnings, output) = (new List<Warning>(), new ArrayBufferWriter<byte>());
        request = AnswerReach.Within(caller == format ? request : PlainWords.In(request, WireFormats.Get(format), warnings), caller == format, warnings);
        WireFormats.Get(format).Requests.Write(request, new() { Model = "m", Quirks = quirks, MaxOutputTokens = model.MaxOutputTokens }, output, warnings);
        CallerFields.Rename(caller, warnings, request.Reasoning);

        var outcome = new FieldOutcome(Encoding.UTF8.GetString(output.WrittenSpan), warnings);
        Assert.True(outcome.Sent.Contains(Name, StringComparison.Ordinal) || outcome.IsLossTold(path), $"{caller} {text} at {provider} of {maker}: {outcome.Sent}, told: {string.Join(' ', warnings.Select(static warning => warning.Field))}");
    }

    private static string Anthropic(string thinking) => $$"""{"model":"m","max_tokens":9000,"messages":[{"role":"user","content":"a"}],"thinking":{{thinking}}}""";

    private static string Gemini(string thinking) => $$$"""{"contents":[{"parts":[{"text":"a"}]}],"generationConfig":{"maxOutputTokens":9000,"thinkingConfig":{{{thinking}}}}}""";

    private static string Responses(string reasoning) => $$"""{"model":"m","input":"a","max_output_tokens":9000,"reasoning":{{reasoning}}}""";
}
