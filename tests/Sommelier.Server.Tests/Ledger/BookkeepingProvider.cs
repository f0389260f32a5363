using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Sommelier.Server.Tests.Ledger;

/// <summary>What the provider did with one request that it has read.</summary>
/// <param name="Model">The model that was asked.</param>
/// <param name="NanoUsd">What it bills, in nano-USD.</param>
/// <param name="Reported">Whether the caller was told the usage; else the caller can only estimate it.</param>
internal sealed record BookedCall(string Model, long NanoUsd, bool Reported);

/// <summary>A provider that does what a prompt says and keeps its own books in its own arithmetic.</summary>
/// <remarks>
/// A prompt is <c>NAME WORD …</c>: the name is what the books are kept under, the word what to do. It has the models
/// <c>one</c> at 3, 0.3 and 15 USD per million (input, cached input, output) and <c>two</c> at 1, 1 and 2.
/// </remarks>
internal sealed class BookkeepingProvider : IAsyncDisposable
{
    private readonly FaultServer server;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<BookedCall>> books = new(StringComparer.Ordinal);
    private readonly Random chance;

    public BookkeepingProvider(int seed)
    {
        chance = new(seed);
        server = new(0, (request, _) => Answer(request.Body));
    }

    // Failures are rare enough that no circuit opens for long: each way in which a call can end is to be seen often.
    private static readonly string[] Words =
    [
        .. Enumerable.Repeat("ok", 8), .. Enumerable.Repeat("stream", 8), "slow", "slow", "silent", "silent", "hang", "hang", "refuse",
        "error", "fallback", "fallback", "empty", "cut", "late-cut",
    ];

    /// <summary>What a prompt may ask for.</summary>
    public static string Word(Random chance) => Words[chance.Next(Words.Length)];

    /// <summary>Where it listens; ends with a slash.</summary>
    public Uri Address => server.Address;

    /// <summary>The books: calls by the name in the prompt.</summary>
    public IReadOnlyDictionary<string, ConcurrentQueue<BookedCall>> Books => books;

    /// <summary>Whether a word asks for a stream.</summary>
    public static bool Streams(string word) => word is "stream" or "cut" or "late-cut" or "hang";

    /// <summary>The configuration of a gateway before it.</summary>
    public string Configuration(string more = "") =>
        $$"""
        discover: false
        policies: { default: table, table: { strategy: order, order: [lab/one, lab/two] } }
        resilience: { max_retry_delay: 10ms, max_attempts_per_deployment: 1 }
        providers:
          lab:
            type: openai-compatible
            base_url: "{{Address}}v1"
            api_key: sk-upstream
            only: [one, two]
            models:
              - { id: one, context: 32768, max_output: 4096, price: { input: 3, output: 15, cache_read: 0.3 } }
              - { id: two, context: 32768, max_output: 4096, price: { input: 1, output: 2 } }
        {{more}}
        """;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();

    private FaultReply Answer(string body)
    {
        using var json = JsonDocument.Parse(body);
        var model = json.RootElement.GetProperty("model").GetString()!;
        var prompt = json.RootElement.GetProperty("messages")[0].GetProperty("content").GetString()!.Split(' ');
        var used = Used.Random(chance, prompt.Length);
        var (billed, reply) = Play(prompt[1], model, used, prompt.Length);
        books.GetOrAdd(prompt[0], _ => new()).Enqueue(new(model, billed?.Cost(model) ?? 0, billed is not { Reported: false }));
        return reply;
    }

    private (Used? Billed, FaultReply Reply) Play(string word, string model, Used used, int words)
    {
        // One token a word, and eight around them: what a tokenizer would count.
        Used Unreported(long output) => new(8 + words, 0, output, 0, false);

        switch (word, model)
        {
            case ("error", _):
                return (null, FaultReply.Error(500, ScriptedAnswer.OpenAI.ErrorBody));
            case ("refuse", _):
                return (null, FaultReply.Error(400, """{"error":{"message":"No.","type":"invalid_request_error","param":"messages","code":null}}"""));
            case ("fallback", "one"):
                return (null, FaultReply.Error(503, ScriptedAnswer.OpenAI.ErrorBody));
            case ("empty", "one"):
                // To be paid although it is of no use.
                return (used, FaultReply.Json(used.In(ScriptedAnswer.OpenAI.EmptyBody.Replace("\"choices\":[]", "\"choices\":[],\"usage\":{}", StringComparison.Ordinal))));
            case ("silent", _):
                return (Unreported(3), FaultReply.Json(ScriptedAnswer.OpenAI.WholeBody.Replace(",\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":5,\"total_tokens\":17}", "", StringComparison.Ordinal)));
            case ("cut", _):
                return (Unreported(2), ScriptedAnswer.OpenAI.Cut(2));
            case ("hang", _):
                return (Unreported(2), ScriptedAnswer.OpenAI.Cut(2, FaultEnd.Hang));
            case ("late-cut", _):
                return (used, FaultReply.Events(Stream(used).SkipLast(1)) with { End = FaultEnd.Cut });
            case ("stream", _):
                return (used, FaultReply.Events(Stream(used)));
            case ("slow", _):
                return (used, FaultReply.Json(used.In(ScriptedAnswer.OpenAI.WholeBody)) with { Gate = Task.Delay(chance.Next(200)) });
            default:
                return (used, FaultReply.Json(used.In(ScriptedAnswer.OpenAI.WholeBody)));
        }
    }

    private static IEnumerable<string> Stream(Used used) => ScriptedAnswer.OpenAI.StreamEvents.Select(used.In);

    /// <summary>Tokens of a call, by the provider's own count.</summary>
    private sealed record Used(long Input, long Cached, long Output, long Reasoning, bool Reported)
    {
        public static Used Random(Random chance, int words)
        {
            var input = chance.Next(4) == 0 ? chance.Next(1, 20_000) : 8 + words;
            var output = chance.Next(1, 2_000);
            return new(input, chance.Next(3) == 0 ? chance.Next(input) : 0, output, chance.Next(3) == 0 ? chance.Next(output) : 0, true);
        }

        public long Cost(string model) => model == "one" ? ((Input - Cached) * 3_000) + (Cached * 300) + (Output * 15_000) : (Input * 1_000) + (Output * 2_000);

        public string In(string body)
        {
            var at = body.IndexOf("\"usage\":{", StringComparison.Ordinal);
            return at < 0
                ? body
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $$$"""{{{body[..at]}}}"usage":{"prompt_tokens":{{{Input}}},"completion_tokens":{{{Output}}},"total_tokens":{{{Input + Output}}},"prompt_tokens_details":{"cached_tokens":{{{Cached}}}},"completion_tokens_details":{"reasoning_tokens":{{{Reasoning}}}}}{{{body[(body.IndexOf('}', at) + 1)..]}}}""");
        }
    }
}
