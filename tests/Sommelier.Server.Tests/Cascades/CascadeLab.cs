using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sommelier.Server.Tests.Cascades;

/// <summary>A gateway whose policy asks <c>lab/mini</c> first and <c>lab/big</c> after it; <c>lab/judge</c> judges. Each reply reports 12 tokens in and 5 out.</summary>
internal sealed partial class CascadeLab : IAsyncDisposable
{
    /// <summary>What a call of each costs, in nano-USD.</summary>
    public const long Mini = 22_000;

    /// <summary>See <see cref="Mini"/>.</summary>
    public const long Big = 220_000;

    /// <summary>See <see cref="Mini"/>.</summary>
    public const long Judge = 110_000;

    private int asked;

    /// <summary>The provider.</summary>
    public FaultServer Provider { get; private set; } = null!;

    /// <summary>The gateway.</summary>
    public RunningGateway Gateway { get; private set; } = null!;

    /// <summary>What the cheap model answers, the last one again and again.</summary>
    public string[] Texts { get; init; } = ["Hello world!"];

    /// <summary>What the better model answers.</summary>
    public string Better { get; init; } = "The better answer.";

    /// <summary>What the cheap model replies instead, by the number of its call; null: the text.</summary>
    public Func<int, FaultReply?> Fault { get; init; } = static _ => null;

    /// <summary>Whether the judge never says anything.</summary>
    public bool JudgeHangs { get; init; }

    /// <summary>What the judge says, with the fence's code.</summary>
    public Func<string, string> Verdict { get; init; } = static code => $$"""It is fine. {"code": "{{code}}", "reason": "good", "score": 0.9}""";

    /// <summary>Starts it.</summary>
    /// <param name="cascade">The policy's cascade, as YAML in one line.</param>
    /// <param name="lab">What is answered.</param>
    /// <param name="more">Further keys of the policy.</param>
    /// <param name="top">Further keys of the configuration.</param>
    public static async Task<CascadeLab> StartAsync(string cascade, CascadeLab? lab = null, string more = "", string top = "")
    {
        lab ??= new();
        lab.Provider = new(0, lab.Reply);
        lab.Gateway = await RunningGateway.StartAsync(
            $$"""
            discover: false
            {{top}}
            policies: { default: table, table: { strategy: order, order: [lab/big], cascade: { first: [lab/mini], {{cascade}} }, {{more}} } }
            providers:
              lab:
                type: openai-compatible
                base_url: "{{lab.Provider.Address}}v1"
                models:
                  - { id: mini, context: 32768, max_output: 4096, price: { input: 1, output: 2 } }
                  - { id: big, context: 32768, max_output: 4096, price: { input: 10, output: 20 } }
                  - { id: judge, context: 32768, max_output: 4096, price: { input: 5, output: 10 } }
            """);
        return lab;
    }

    /// <summary>A lab that answers so.</summary>
    public static CascadeLab Answering(params string[] texts) => new() { Texts = texts };

    /// <summary>The models that were asked, in order.</summary>
    public string Asked => string.Join(' ', Provider.Requests.Select(request => Model(request.Body)));

    /// <summary>The text of a reply.</summary>
    public static async Task<string?> TextAsync(HttpResponseMessage reply)
    {
        using var json = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        return json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Provider.DisposeAsync();
    }

    private FaultReply Reply(SeenRequest request, int number)
    {
        var streamed = request.Body.Contains("\"stream\":true", StringComparison.Ordinal);
        switch (Model(request.Body))
        {
            case "mini":
                var at = asked++;
                return Fault(at) ?? Answer(Texts[Math.Min(at, Texts.Length - 1)], streamed);
            case "judge" when JudgeHangs:
                return FaultReply.Nothing;
            case "judge":
                return Answer(Verdict(Code().Match(request.Body).Groups[1].Value), streamed: false);
            default:
                return Answer(Better, streamed);
        }
    }

    private static FaultReply Answer(string text, bool streamed)
    {
        var written = JsonEncodedText.Encode(text).ToString();
        return streamed
            ? FaultReply.Events(ScriptedAnswer.OpenAI.StreamEvents.Select(one => one.Replace("\"Hello\"", $"\"{written}\"", StringComparison.Ordinal).Replace("\" world\"", "\"\"", StringComparison.Ordinal).Replace("\"!\"", "\"\"", StringComparison.Ordinal)))
            : FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody.Replace("Hello world!", written, StringComparison.Ordinal));
    }

    private static string Model(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("model").GetString()!;
    }

    [GeneratedRegex(@"\[answer ([0-9a-f]{16})\]")]
    private static partial Regex Code();
}
