using Sommelier.Canonical;
using Sommelier.Upstream;
using Sommelier.Wire;
using Sommelier.Wire.Embeddings;

namespace Sommelier.Resilience;

/// <summary>Asks for more vectors than a provider makes at once, in several calls one after another: the caller gets all of them, or none.</summary>
/// <remarks>
/// Each call is an attempt of its own, with its own usage and price. Vectors of two models do not mix, so whoever is asked next
/// begins anew; a deployment that is asked again goes on where it failed. Of callers of the provider's own dialect each call passes on
/// the bytes of its own inputs.
/// </remarks>
internal sealed class EmbeddingBatches(AttemptServices services, AttemptOpener opener, AttemptLimits limits, List<Attempt> log)
{
    private readonly Dictionary<string, Gathered> gathered = new(StringComparer.Ordinal);

    /// <summary>Whether a request holds more inputs than its target takes.</summary>
    public static bool AreNeeded(AttemptScope scope) =>
        scope.Request.Target.Quirks.MaxInputs is { } most && scope.Call.Outline.Inputs > most;

    /// <summary>Opens the calls.</summary>
    /// <param name="whole">The request with all inputs, which is not sent. It is disposed.</param>
    /// <param name="watch">Makes the watch of a call.</param>
    /// <returns>The last call, with the whole answer; or the one that failed.</returns>
    public async ValueTask<(AttemptScope Scope, Opening Opening)> OpenAsync(AttemptScope whole, Func<Watchdog> watch)
    {
        // It holds the slot while the calls run.
        using var slot = whole;
        var (call, request, deployment) = (whole.Call, whole.Request, whole.Deployment);
        if (!gathered.TryGetValue(deployment.Id, out var sum))
        {
            gathered.Add(deployment.Id, sum = new());
        }

        while (true)
        {
            var count = Math.Min(request.Target.Quirks.MaxInputs!.Value, call.Outline.Inputs - sum.Vectors.Count);
            var batch = request.PassThrough ? call.Cut(sum.Vectors.Count, count) : call.Batch(sum.Vectors.Count, count);
            var scope = new AttemptScope(
                services, batch, deployment, UpstreamRequest.Write(batch, deployment, request.Provider, request.Endpoint, media: null), limits, log, log.Count + 1, watch())
            {
                BorrowsSlot = true,
            };
            var opening = await opener.OpenAsync(scope);
            if (opening.Answer is not WholeAnswer part)
            {
                return (scope, opening);
            }

            sum.Add(EmbeddingsFormat.ReadVectors(part.Body), part.Facts);
            if (sum.Vectors.Count == call.Outline.Inputs)
            {
                var answer = Join(scope, part, sum, call, request.Warnings);
                part.Release();
                return (scope, new(answer, null));
            }

            scope.End(AttemptOutcome.Succeeded, part.Facts);
            await part.DisposeAsync();
        }
    }

    private static WholeAnswer Join(AttemptScope scope, WholeAnswer last, Gathered sum, InboundCall call, IReadOnlyList<Warning> losses)
    {
        var response = new ChatResponse
        {
            ResponseModel = last.Facts.ResponseModel,
            FinishReason = new FinishReason(FinishReasonKind.Stop),
            Usage = sum.Usage,
            Embeddings = sum.Vectors,
        };
        var body = new PooledBuffer(last.Body.Length * 2);
        var warnings = new List<Warning>(losses);
        try
        {
            call.Format.Responses.Write(response, scope.ReplyContext(), body, warnings);
        }
        catch
        {
            body.Dispose();
            throw;
        }

        return new(scope, body, last.Facts, new() { ResponseModel = response.ResponseModel, Usage = sum.Usage, Vectors = sum.Vectors.Count })
        {
            Deployment = last.Deployment,
            Streamed = false,
            ContentType = last.ContentType,
            Warnings = warnings,
        };
    }

    // What a deployment has given so far.
    private sealed class Gathered
    {
        public List<EmbeddingVector> Vectors { get; } = [];

        public Usage Usage { get; private set; }

        public void Add(ChatResponse part, AnswerFacts facts)
        {
            var from = Vectors.Count;
            foreach (var vector in part.Embeddings)
            {
                Vectors.Add(vector with { Index = from + vector.Index });
            }

            var usage = facts.Usage ?? default;
            Usage = Usage with { InputTokens = Usage.InputTokens + usage.InputTokens, Estimated = Usage.Estimated || usage.Estimated };
        }
    }
}
