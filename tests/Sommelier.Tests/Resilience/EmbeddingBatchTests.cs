using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Wire.Embeddings;
using Sommelier.Wire;

namespace Sommelier.Tests.Resilience;

/// <summary>More inputs than a provider takes at once are asked for in several calls; the caller sees one answer, the ledger all calls.</summary>
public sealed class EmbeddingBatchTests
{
    [Theory]
    [InlineData("")]
    [InlineData("\"encoding_format\":\"base64\",")]
    public async Task A_hundred_and_fifty_are_asked_for_in_two_calls_and_come_back_in_order(string more)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Sommelier.Providers.Gemini(), Model("gemini"), Vectors(0, 100, 300), Vectors(100, 50, 150));

        var received = await rig.ReceiveAsync(Call(150, more));

        Assert.Null(received.Error);
        Assert.Equal([100, 50], server.Requests.Select(Inputs));
        Assert.Contains("\"text 100\"", server.Requests[1].Body, StringComparison.Ordinal);
        var answer = WireFormats.Get("openai-embeddings").Responses.Read(received.Bytes, WireQuirks.Default);
        Assert.Equal(Enumerable.Range(0, 150).Select(static i => (i, i + 0.1f)), answer.Embeddings.Select(static each => (each.Index, each.Vector.Span[0])));
        Assert.Equal(450, answer.Usage!.Value.InputTokens);

        Assert.Equal([AttemptOutcome.Succeeded, AttemptOutcome.Succeeded], rig.Log.Select(static attempt => attempt.Outcome));
        Assert.Equal([1, 2], rig.Log.Select(static attempt => attempt.Number));
        Assert.Equal([300L, 150L], rig.Log.Select(static attempt => attempt.Usage!.Value.InputTokens));
        Assert.Equal([300_000L, 150_000L], rig.Log.Select(static attempt => attempt.CostNanoUsd));
    }

    [Fact]
    public async Task The_cost_of_the_answer_is_that_of_all_calls_and_each_estimate_of_its_own_inputs()
    {
        await using var rig = new AttemptRig();
        rig.Serve(new Sommelier.Providers.Gemini(), Model("gemini"), Vectors(0, 100, null), Vectors(100, 50, null));

        var result = await rig.RunAsync(Call(150));

        await using var answer = result.Answer!;
        var cost = answer.CostNanoUsd;
        var usage = answer.Facts.Usage!.Value;
        await answer.DisposeAsync();
        Assert.True(usage.Estimated);
        Assert.Equal(usage.InputTokens, rig.Log.Sum(static attempt => attempt.Usage!.Value.InputTokens));
        Assert.Equal(cost, rig.Log.Sum(static attempt => attempt.CostNanoUsd));
        Assert.InRange(rig.Log[0].Usage!.Value.InputTokens, rig.Log[1].Usage!.Value.InputTokens + 1, 3 * rig.Log[1].Usage!.Value.InputTokens);
    }

    [Fact]
    public async Task A_batch_that_fails_leaves_nothing_of_the_others_and_the_next_begins_anew()
    {
        await using var rig = new AttemptRig();
        rig.Limits = rig.Limits with { MaxAttemptsPerDeployment = 1 };
        rig.Serve(new Sommelier.Providers.Gemini(), Model("gemini"), Vectors(0, 100, 300), FaultReply.Error(500, """{"error":{"code":500,"message":"x","status":"INTERNAL"}}"""));
        var next = rig.Serve(new Sommelier.Providers.Gemini(), Model("other"), Vectors(0, 100, 300), Vectors(100, 50, 150));

        var received = await rig.ReceiveAsync(Call(150));

        Assert.Equal([100, 50], next.Requests.Select(Inputs));
        Assert.Equal(150, WireFormats.Get("openai-embeddings").Responses.Read(received.Bytes, WireQuirks.Default).Embeddings.Count);
        Assert.Equal(
            [("gemini/e", AttemptOutcome.Succeeded, 300_000L), ("gemini/e", AttemptOutcome.Failed, 0L), ("other/e", AttemptOutcome.Succeeded, 300_000L), ("other/e", AttemptOutcome.Succeeded, 150_000L)],
            rig.Log.Select(static attempt => (attempt.DeploymentId, attempt.Outcome, attempt.CostNanoUsd)));
    }

    [Fact]
    public async Task A_deployment_that_is_asked_again_goes_on_where_it_failed()
    {
        await using var rig = new AttemptRig(clock: TimeProvider.System);
        var server = rig.Serve(
            new Sommelier.Providers.Gemini(), Model("gemini"), Vectors(0, 100, 300), FaultReply.Error(503, """{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}""", ("retry-after-ms", "1")), Vectors(100, 50, 150));

        var received = await rig.ReceiveAsync(Call(150));

        Assert.Equal([100, 50, 50], server.Requests.Select(Inputs));
        Assert.Equal(450, WireFormats.Get("openai-embeddings").Responses.Read(received.Bytes, WireQuirks.Default).Usage!.Value.InputTokens);
    }

    [Fact]
    public async Task All_calls_run_in_one_slot_which_is_given_back()
    {
        await using var rig = new AttemptRig();
        rig.Serve(new Sommelier.Providers.Gemini(), Model("gemini") with { MaxConcurrency = 1 }, Vectors(0, 100, 1), Vectors(100, 1, 1), Vectors(0, 100, 1), Vectors(100, 1, 1));

        Assert.Null((await rig.ReceiveAsync(Call(101))).Error);
        Assert.Null((await rig.ReceiveAsync(Call(101))).Error);
        Assert.Equal(4, rig.Log.Count);
    }

    [Fact]
    public async Task What_fits_is_one_call()
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Sommelier.Providers.Gemini(), Model("gemini"), Vectors(0, 100, 300));

        Assert.Null((await rig.ReceiveAsync(Call(100))).Error);
        Assert.Equal([100], server.Requests.Select(Inputs));
    }

    [Theory]
    [InlineData(300, 150, 450)]
    [InlineData(null, null, null)]
    public async Task Googles_own_callers_are_served_so_with_their_own_bytes(int? first, int? second, int? told)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Sommelier.Providers.Gemini(), Model("gemini"), Vectors(0, 100, first), Vectors(100, 50, second));
        var requests = Enumerable.Range(0, 150).Select(static i => $$$"""{"model":"models/model-1", "content":{"parts":[{"text":"text {{{i}}}"}]},"title":"T{{{i}}}","x":[{{{i}}}]}""").ToList();

        var received = await rig.ReceiveAsync(EmbeddingWire.Call("gemini-batch-embed", $$"""{"vendor":{"a":1} ,"requests": [{{string.Join(" , ", requests)}}] }"""));

        Assert.Null(received.Error);
        Assert.Equal(
            [
                $$"""{"vendor":{"a":1} ,"requests": [{{string.Join(" , ", requests.Take(100)).Replace("model-1", "e", StringComparison.Ordinal)}}] }""",
                $$"""{"vendor":{"a":1} ,"requests": [{{string.Join(" , ", requests.Skip(100)).Replace("model-1", "e", StringComparison.Ordinal)}}] }""",
            ],
            server.Requests.Select(static request => request.Body));
        using var answer = JsonDocument.Parse(received.Bytes);
        Assert.Equal(Enumerable.Range(0, 150).Select(static i => i + 0.1), answer.RootElement.GetProperty("embeddings").EnumerateArray().Select(static each => each.GetProperty("values")[0].GetDouble()), static (a, b) => Math.Abs(a - b) < 1e-3);
        var usage = answer.RootElement.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt32();
        Assert.Equal(told ?? usage, usage);
        Assert.Equal(usage, rig.Log.Sum(static attempt => attempt.Usage!.Value.InputTokens));
        Assert.Equal(rig.Log.Sum(static attempt => attempt.Usage!.Value.InputTokens) * 1_000, rig.Log.Sum(static attempt => attempt.CostNanoUsd));
        Assert.Equal(2, rig.Log.Count);
    }

    [Fact]
    public async Task Gemini_at_Vertex_takes_one_text_at_a_time()
    {
        await using var rig = new AttemptRig();
        string One(int at) => $$$"""{"predictions":[{"embeddings":{"statistics":{"truncated":false,"token_count":3},"values":[{{{at}}},1]}}]}""";
        var server = rig.Serve(new VertexAI(), Model("vertex") with { Model = "gemini-embedding-001" }, FaultReply.Json(One(0)), FaultReply.Json(One(1)));

        var received = await rig.ReceiveAsync(Call(2));

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal([0f, 1f], WireFormats.Get("openai-embeddings").Responses.Read(received.Bytes, WireQuirks.Default).Embeddings.Select(static each => each.Vector.Span[0]));
    }

    [Fact]
    public async Task So_it_does_for_callers_of_Vertexs_own_dialect()
    {
        await using var rig = new AttemptRig();
        string One(int at) => $$$"""{"predictions":[{"embeddings":{"statistics":{"truncated":false,"token_count":3},"values":[{{{at}}},1]}}]}""";
        var server = rig.Serve(new VertexAI(), Model("vertex") with { Model = "gemini-embedding-001" }, FaultReply.Json(One(0)), FaultReply.Json(One(1)));

        var received = await rig.ReceiveAsync(EmbeddingWire.Call("vertex-predict", """{"instances":[{"content":"a","title":"A"},{"content":"b","title":"B"}],"parameters":{"autoTruncate":false}}"""));

        Assert.Equal(
            ["""{"instances":[{"content":"a","title":"A"}],"parameters":{"autoTruncate":false}}""", """{"instances":[{"content":"b","title":"B"}],"parameters":{"autoTruncate":false}}"""],
            server.Requests.Select(static request => request.Body));
        using var answer = JsonDocument.Parse(received.Bytes);
        Assert.Equal([0, 1], answer.RootElement.GetProperty("predictions").EnumerateArray().Select(static each => each.GetProperty("embeddings").GetProperty("values")[0].GetInt32()));
        Assert.Equal(6, rig.Log.Sum(static attempt => attempt.Usage!.Value.InputTokens));
    }

    private static Sommelier.Upstream.InboundCall Call(int count, string more = "") =>
        EmbeddingWire.Call("openai-embeddings", $$"""{"model":"e",{{more}}"input":[{{string.Join(',', Enumerable.Range(0, count).Select(static i => $"\"text {i}\""))}}]}""");

    private static FaultReply Vectors(int from, int count, int? tokens)
    {
        var vectors = string.Join(',', Enumerable.Range(from, count).Select(static i => string.Create(CultureInfo.InvariantCulture, $$"""{"values":[{{i + 0.1f}},1]}""")));
        return FaultReply.Json($$"""{"embeddings":[{{vectors}}]{{(tokens is null ? "" : $$""","usageMetadata":{"promptTokenCount":{{tokens}}}""")}}}""");
    }

    private static int Inputs(Sommelier.Server.Conformance.Scripted.SeenRequest request)
    {
        using var body = JsonDocument.Parse(request.Body);
        return body.RootElement.GetProperty("requests").GetArrayLength();
    }

    private static Deployment Model(string provider) => new()
    {
        Id = $"{provider}/e",
        Provider = provider,
        Model = "e",
        CanonicalModel = "e",
        Kind = ModelKind.Embedding,
        Price = new() { InputUsdPerMillion = 1, OutputUsdPerMillion = 0, Source = "test", SourceDate = new(2026, 11, 1) },
    };
}
