using System.IO.Pipelines;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>Searches of the web that the vendor told of before a stream was cut are on the bill, passed on and translated.</summary>
public sealed class CutSearchTests
{
    // Two searches, of which one failed, and one that had only begun. Failed ones are free.
    private static readonly string[] Claude =
    [
        """{"type":"message_start","message":{"id":"a","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":10,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s1","name":"web_search","input":{}}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"web_search_tool_result","tool_use_id":"s1","content":[{"type":"web_search_result","url":"https://example.com","title":"x","encrypted_content":"e"}]}}""",
        """{"type":"content_block_stop","index":1}""",
        """{"type":"content_block_start","index":2,"content_block":{"type":"server_tool_use","id":"s2","name":"web_search","input":{}}}""",
        """{"type":"content_block_stop","index":2}""",
        """{"type":"content_block_start","index":3,"content_block":{"type":"web_search_tool_result","tool_use_id":"s2","content":{"type":"web_search_tool_result_error","error_code":"unavailable"}}}""",
        """{"type":"content_block_stop","index":3}""",
        """{"type":"content_block_start","index":4,"content_block":{"type":"server_tool_use","id":"s3","name":"web_search","input":{}}}""",
        """{"type":"content_block_stop","index":4}""",
        """{"type":"content_block_start","index":5,"content_block":{"type":"server_tool_use","id":"s4","name":"web_fetch","input":{}}}""",
        """{"type":"content_block_stop","index":5}""",
        """{"type":"content_block_start","index":6,"content_block":{"type":"text","text":""}}""",
        """{"type":"content_block_delta","index":6,"delta":{"type":"text_delta","text":"It is"}}""",
    ];

    // A search, a page that is opened, and one that has only begun.
    private static readonly string[] Gpt =
    [
        """{"type":"response.created","sequence_number":0,"response":{"id":"r","object":"response","created_at":1,"status":"in_progress","model":"m","output":[]}}""",
        """{"type":"response.output_item.added","sequence_number":1,"output_index":0,"item":{"id":"w1","type":"web_search_call","status":"in_progress"}}""",
        """{"type":"response.output_item.done","sequence_number":2,"output_index":0,"item":{"id":"w1","type":"web_search_call","status":"completed","action":{"type":"search","query":"a"}}}""",
        """{"type":"response.output_item.added","sequence_number":3,"output_index":1,"item":{"id":"w2","type":"web_search_call","status":"in_progress"}}""",
        """{"type":"response.output_item.done","sequence_number":4,"output_index":1,"item":{"id":"w2","type":"web_search_call","status":"completed","action":{"type":"open_page","url":"https://example.com"}}}""",
        """{"type":"response.output_item.added","sequence_number":5,"output_index":2,"item":{"id":"w3","type":"web_search_call","status":"in_progress"}}""",
        """{"type":"response.output_item.added","sequence_number":6,"output_index":3,"item":{"id":"i","type":"message","status":"in_progress","role":"assistant","content":[]}}""",
        """{"type":"response.output_text.delta","sequence_number":7,"output_index":3,"content_index":0,"item_id":"i","delta":"It is"}""",
    ];

    // Later chunks repeat what earlier ones said. The input is counted at once.
    private static readonly string[] Flash =
    [
        """{"responseId":"g","modelVersion":"m","candidates":[{"index":0,"content":{"role":"model","parts":[{"text":"It"}]},"groundingMetadata":{"webSearchQueries":["a","b"]}}],"usageMetadata":{"promptTokenCount":10}}""",
        """{"candidates":[{"index":0,"content":{"role":"model","parts":[{"text":" is"}]},"groundingMetadata":{"webSearchQueries":["a","b"]}}]}""",
    ];

    // Vertex AI may count nothing before the end.
    private static readonly string[] Uncounted = [Flash[0].Replace(",\"usageMetadata\":{\"promptTokenCount\":10}", "", StringComparison.Ordinal)];

    public static TheoryData<string, string, bool> Cases()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var vendor in (string[])["anthropic-messages", "openai-responses", "gemini", "gemini uncounted"])
        {
            foreach (var caller in (string[])[vendor.Split(' ')[0], "openai-chat"])
            {
                data.Add(vendor, caller, true);
                data.Add(vendor, caller, false);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task They_are_counted_when_the_stream_breaks_and_when_the_caller_leaves(string vendor, string caller, bool breaks)
    {
        await using var rig = new AttemptRig();
        var price = new Price { InputUsdPerMillion = 1, OutputUsdPerMillion = 2, WebSearchUsdPerThousand = 10, Source = "test", SourceDate = new(2026, 11, 1) };
        Serve(rig, vendor, breaks ? FaultEnd.Cut : FaultEnd.Hang, price);
        using var leaving = new CancellationTokenSource();
        var result = await rig.RunAsync(Call(caller), leaving.Token);
        Assert.True(result.Answer is not null, result.Error?.Message);
        var pipe = new Pipe(new(pauseWriterThreshold: 0));
        var writing = result.Answer.WriteToAsync(pipe.Writer, leaving.Token).AsTask();
        if (!breaks)
        {
            await SeenAsync(pipe.Reader, vendor == "gemini" ? " is\"" : "\"It").WaitAsync(TimeSpan.FromMinutes(1));
            await leaving.CancelAsync();
        }

        var attempt = await writing;
        await result.Answer.DisposeAsync();
        var usage = attempt.Usage!.Value;
        Assert.Equal(breaks ? AttemptOutcome.Broken : AttemptOutcome.Canceled, attempt.Outcome);
        Assert.True(usage.Estimated);
        Assert.Equal(2, usage.WebSearches);
        Assert.Equal(PriceCalculator.Cost(price, usage, rig.Time.GetUtcNow()).ToNanoUsd(), attempt.CostNanoUsd);
        Assert.True(attempt.CostNanoUsd > 20_000_000);
        if (vendor is "gemini" or "anthropic-messages")
        {
            Assert.Equal(10, usage.InputTokens);
        }
    }

    private static async Task SeenAsync(PipeReader reader, string text)
    {
        var seen = "";
        while (!seen.Contains(text, StringComparison.Ordinal))
        {
            var read = await reader.ReadAsync();
            seen += Encoding.UTF8.GetString(System.Buffers.BuffersExtensions.ToArray(read.Buffer));
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    private static void Serve(AttemptRig rig, string vendor, FaultEnd end, Price price)
    {
        var (provider, format, events) = vendor switch
        {
            "anthropic-messages" => ((Provider)new Sommelier.Providers.Anthropic(), vendor, Claude),
            "openai-responses" => (new Sommelier.Providers.OpenAI(), vendor, Gpt),
            "gemini" => (new Sommelier.Providers.Gemini(), vendor, Flash),
            _ => (new Sommelier.Providers.Gemini(), "gemini", Uncounted),
        };
        var deployment = new Deployment { Id = "p/m", Provider = "p", Model = "m", CanonicalModel = "m", WireFormat = format, MaxOutputTokens = 4096, Sources = ["test"], Price = price };
        rig.Serve(provider, deployment, FaultReply.Events(events.Select(static data => $"data: {data}\n\n")) with { End = end });
    }

    private static InboundCall Call(string dialect)
    {
        var wire = WireFormats.Get(dialect);
        var path = dialect == "gemini" ? new CallPath { Model = "auto", Stream = true } : default;
        var body = Encoding.UTF8.GetBytes(dialect switch
        {
            "gemini" => """{"contents":[{"role":"user","parts":[{"text":"Who won?"}]}],"tools":[{"googleSearch":{}}]}""",
            "openai-responses" => """{"model":"auto","stream":true,"input":"Who won?","tools":[{"type":"web_search"}]}""",
            "anthropic-messages" => """{"model":"auto","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"Who won?"}],"tools":[{"type":"web_search_20250305","name":"web_search"}]}""",
            _ => """{"model":"auto","stream":true,"messages":[{"role":"user","content":"Who won?"}]}""",
        });
        return new()
        {
            Format = wire,
            Body = body,
            Outline = wire.Requests.Outline(body, path),
            Reply = new() { FallbackId = "reply-1", Model = "auto", Created = DateTimeOffset.UnixEpoch, StreamUsage = true, Path = path },
        };
    }
}
