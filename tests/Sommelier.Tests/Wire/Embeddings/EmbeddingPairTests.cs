using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Tests.Resilience;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Embeddings;

/// <summary>Every caller's dialect to every vendor's format, through the real attempt loop and real sockets.</summary>
public sealed class EmbeddingPairTests
{
    private static readonly Deployment Model = Fidelity.Target.Model with { Kind = ModelKind.Embedding };

    public static TheoryData<string, string> Pairs => new(
        from caller in EmbeddingWire.Inbound
        from vendor in EmbeddingWire.Inbound
        where EmbeddingWire.IsSingle(caller) || !EmbeddingWire.IsSingle(vendor)
        select (caller, vendor));

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task The_caller_gets_the_vendors_vectors_bit_by_bit_and_their_price(string caller, string vendor)
    {
        var count = EmbeddingWire.IsSingle(caller) ? 1 : 2;
        await using var rig = new AttemptRig();
        var answer = EmbeddingWire.Answer(vendor, count);
        rig.Serve(new Vendor(vendor), Model, FaultReply.Json(answer));

        var received = await rig.ReceiveAsync(EmbeddingWire.Call(caller));

        Assert.Null(received.Error);
        Assert.Equal(EmbeddingWire.Vectors[..count], WireFormats.Get(caller).Responses.Read(received.Bytes, WireQuirks.Default).Embeddings.Select(vector => vector.Vector.ToArray()));
        Assert.Equal(AttemptOutcome.Succeeded, received.Attempt!.Outcome);
        var usage = received.Attempt.Usage!.Value;
        Assert.Equal(vendor == "ollama-embeddings", usage.Estimated);
        Assert.Equal(usage.Estimated ? 2 : 7, usage.InputTokens);
        Assert.Equal(PriceCalculator.Cost(Model.Price!, usage, rig.Time.GetUtcNow()).ToNanoUsd(), received.Attempt.CostNanoUsd);
        Assert.Null(received.Attempt.FinishReason);
        if (caller == vendor)
        {
            Assert.Equal(answer, received.Text);
        }
    }

    [Theory]
    [InlineData("openai-embeddings")]
    [InlineData("ollama-embed")]
    [InlineData("vertex-predict")]
    public async Task Parts_of_one_content_that_become_its_lines_are_told(string vendor)
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Vendor(vendor), Model, FaultReply.Json(EmbeddingWire.Answer(vendor, 1)));

        var result = await rig.RunAsync(EmbeddingWire.Call("gemini-batch-embed", """{"requests":[{"model":"models/model-1","content":{"parts":[{"text":"a"},{"text":"b"}]}}]}"""));

        await using var answer = result.Answer!;
        var warning = Assert.Single(answer.Warnings);
        Assert.Equal(("emulated", "content.parts"), (warning.Code, warning.Field));
        Assert.Contains("\"a\\nb\"", server.Requests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ollama_is_told_to_cut_nothing_whatever_the_callers_dialect()
    {
        foreach (var caller in EmbeddingWire.Inbound.Where(static format => !EmbeddingWire.IsSingle(format) && format != "ollama-embed"))
        {
            await using var rig = new AttemptRig();
            var server = rig.Serve(new Sommelier.Providers.Ollama(), Model, FaultReply.Json(EmbeddingWire.Answer("ollama-embed", 2)));

            Assert.Null((await rig.ReceiveAsync(EmbeddingWire.Call(caller))).Error);

            Assert.Equal("/api/embed", server.Requests[0].Path);
            Assert.Contains("\"truncate\":false", server.Requests[0].Body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("openai-embeddings")]
    [InlineData("gemini-batch-embed")]
    public async Task A_vector_too_few_is_the_vendors_failure_and_the_next_is_asked(string vendor)
    {
        await using var rig = new AttemptRig();
        rig.Serve(new Vendor(vendor), Model, FaultReply.Json(EmbeddingWire.Answer(vendor, 1)));
        rig.Serve(new Vendor(vendor), Model with { Id = "q/model-1", Provider = "q" }, FaultReply.Json(EmbeddingWire.Answer(vendor, 2)));

        var received = await rig.ReceiveAsync(EmbeddingWire.Call("openai-embeddings"));

        Assert.Equal([UpstreamFailureKind.ProtocolError, (UpstreamFailureKind?)null], rig.Log.Select(attempt => attempt.Failure?.Kind));
        Assert.Equal("q/model-1", received.Attempt!.DeploymentId);
    }

    [Fact]
    public async Task A_server_that_ignores_the_wish_for_base64_is_translated()
    {
        await using var rig = new AttemptRig();
        rig.Serve(new Vendor("openai-embeddings"), Model, FaultReply.Json(EmbeddingWire.Answer("openai-embeddings", 2)));

        var received = await rig.ReceiveAsync(EmbeddingWire.Call("openai-embeddings", """{"model":"m","input":["a","b"],"encoding_format":"base64"}"""));

        using var json = JsonDocument.Parse(received.Text);
        Assert.Equal(EmbeddingWire.Vectors[0].SelectMany(BitConverter.GetBytes), json.RootElement.GetProperty("data")[0].GetProperty("embedding").GetBytesFromBase64());
        Assert.Equal(7, json.RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Token_ids_are_counted_where_the_vendor_does_not_say()
    {
        await using var rig = new AttemptRig();
        rig.Serve(new Vendor("openai-embeddings"), Model, FaultReply.Json("""{"data":[{"embedding":[0.5],"index":0}]}"""));

        var received = await rig.ReceiveAsync(EmbeddingWire.Call("openai-embeddings", """{"model":"m","input":[5,6,7]}"""));

        Assert.Equal(new Usage { InputTokens = 3, Estimated = true }, received.Attempt!.Usage);
    }

    [Fact]
    public async Task Vectors_that_come_as_a_stream_are_a_failure()
    {
        await using var rig = new AttemptRig();
        rig.Serve(new Vendor("openai-embeddings"), Model, FaultReply.Events(["data: {\"data\":[{\"embedding\":[0.5]}]}\n\n"]));
        rig.Limits = rig.Limits with { MaxAttempts = 1 };

        var received = await rig.ReceiveAsync(EmbeddingWire.Call("openai-embeddings"));

        Assert.Equal(UpstreamFailureKind.ProtocolError, Assert.Single(rig.Log).Failure!.Kind);
        Assert.Equal(502, received.Error!.Status);
    }

    [Fact]
    public async Task A_strict_caller_is_refused_rather_than_lose_a_field()
    {
        await using var rig = new AttemptRig();
        var server = rig.Serve(new Vendor("gemini-batch-embed"), Model, FaultReply.Json(EmbeddingWire.Answer("gemini-batch-embed", 1)));

        var received = await rig.ReceiveAsync(EmbeddingWire.Call("openai-embeddings", """{"model":"m","input":"a","user":"u"}""", strict: true));

        Assert.Equal(("user", 400), (received.Error!.Field, received.Error.Status));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_provider_without_embeddings_is_passed_over()
    {
        await using var rig = new AttemptRig();
        var silent = rig.Serve(new Cerebras(), Model, FaultReply.Json("{}"));
        rig.Serve(new Vendor("openai-embeddings"), Model with { Id = "q/model-1", Provider = "q" }, FaultReply.Json(EmbeddingWire.Answer("openai-embeddings", 2)));

        var received = await rig.ReceiveAsync(EmbeddingWire.Call("openai-embeddings"));

        Assert.Equal("q/model-1", received.Attempt!.DeploymentId);
        Assert.Empty(silent.Requests);
    }

    [Fact]
    public async Task That_no_provider_has_embeddings_is_told()
    {
        await using var rig = new AttemptRig();
        rig.Serve(new Cerebras(), Model, FaultReply.Json("{}"));

        var received = await rig.ReceiveAsync(EmbeddingWire.Call("openai-embeddings"));

        Assert.Equal(("model", 400), (received.Error!.Field, received.Error.Status));
    }

    private sealed class Vendor(string format) : Provider
    {
        public override string Name => "p";

        public override Uri? BaseAddress => null;

        public override IReadOnlyList<ProviderEndpoint> Endpoints { get; } = [new("openai-chat", "chat"), new(format, "embed/{model}")];
    }
}
