using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>Judges and embedders of a run: asked through the gateway, paid from the run's money. The same question is asked once in a run.</summary>
/// <param name="caller">Sends.</param>
/// <param name="patient">Waits.</param>
/// <param name="catalog">What models there are.</param>
/// <param name="spend">The run's money.</param>
internal sealed class GatewayJudges(GatewayCaller caller, PatientCaller patient, CatalogSnapshot catalog, SpendMeter spend)
{
    private readonly GatewayCaller caller = caller;
    private readonly ConcurrentDictionary<string, Lazy<Task<ChatResponse>>> asked = new(StringComparer.Ordinal);
    private decimal dearest;

    /// <summary>The judges of one answer: what they cost is told to <paramref name="paid"/>.</summary>
    /// <param name="suite">Names the models.</param>
    /// <param name="candidate">Who answered: may not judge itself.</param>
    /// <param name="paid">Takes what is spent, USD.</param>
    public IJudgeModels For(Suite suite, Candidate? candidate, Action<decimal> paid) => new Judges(this, suite, candidate, paid);

    private async Task<ChatResponse> OnceAsync(string key, Deployment deployment, Func<CancellationToken, Task<ModelCall>> call, Action<decimal> paid, CancellationToken cancellationToken)
    {
        key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
        var first = asked.GetOrAdd(key, _ => new(() => PaidAsync(deployment, call, paid, cancellationToken)));
        try
        {
            return await first.Value;
        }
        catch
        {
            // A failure is not an answer: whoever asks next asks anew.
            asked.TryRemove(KeyValuePair.Create(key, first));
            throw;
        }
    }

    private async Task<ChatResponse> PaidAsync(Deployment deployment, Func<CancellationToken, Task<ModelCall>> call, Action<decimal> paid, CancellationToken cancellationToken)
    {
        var expected = dearest;
        if (!await spend.BeginAsync(expected, expected > 0, cancellationToken))
        {
            throw new JudgeException("the run's money is spent");
        }

        // Places of their own: an answer keeps its place until it is graded, and must not wait for itself.
        var limit = patient.LimitOf($"judge {deployment.Provider}");
        var cost = 0m;
        try
        {
            await limit.EnterAsync(cancellationToken);
            try
            {
                var made = await patient.CallAsync(limit, call, cancellationToken);
                cost = made.SpentUsd;
                dearest = Math.Max(dearest, cost);
                return made.Call.Response ?? throw new JudgeException($"the judge {deployment.Id} did not answer: {made.Call.Error?.Message}");
            }
            catch (CandidateUnusableException failure)
            {
                throw new JudgeException($"the judge {deployment.Id} cannot be asked: {failure.Message}");
            }
            finally
            {
                limit.Leave();
            }
        }
        finally
        {
            spend.Settle(expected, cost);
            paid(cost);
        }
    }

    private Deployment Find(string? named, string? usual, Candidate? candidate, string word)
    {
        var name = named ?? usual ?? throw new JudgeException($"no {word} is configured; name one under defaults of the suite");
        var found = Candidate.Find(name, catalog, out var problem) ?? throw new JudgeException(problem.TrimEnd('.'));
        return string.Equals(found.Deployment.Id, candidate?.Deployment.Id, StringComparison.Ordinal)
            ? throw new JudgeException($"the {word} {found.Name} is the model under test; name another")
            : found.Deployment;
    }

    private sealed class Judges(GatewayJudges run, Suite suite, Candidate? candidate, Action<decimal> paid) : IJudgeModels
    {
        public async ValueTask<string> AskAsync(string? model, string system, string user, CancellationToken cancellationToken)
        {
            var judge = run.Find(model, suite.Judge, candidate, "judge");
            var body = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(body, ReadableJson.Writer))
            {
                json.WriteStartObject();
                json.WriteStartArray("messages");
                foreach (var (role, content) in new[] { ("system", system), ("user", user) })
                {
                    json.WriteStartObject();
                    json.WriteString("role", role);
                    json.WriteString("content", content);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteNumber("temperature", 0);
                json.WriteEndObject();
            }

            var answer = await run.OnceAsync($"{judge.Id}\n{system}\n{user}", judge, token => run.caller.AskAsync(judge, body.WrittenMemory, token), paid, cancellationToken);
            return string.Concat(answer.Parts.OfType<TextPart>().Select(static part => part.Text));
        }

        public async ValueTask<IReadOnlyList<float[]>> EmbedAsync(string? model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
        {
            var embedder = run.Find(model, suite.Embedder, null, "embedder");
            var key = string.Create(CultureInfo.InvariantCulture, $"{embedder.Id}\n{texts.Count}\n{string.Join('\0', texts)}");
            var answer = await run.OnceAsync(key, embedder, token => run.caller.EmbedAsync(embedder, texts, token), paid, cancellationToken);
            return answer.Embeddings.Count == texts.Count
                ? [.. answer.Embeddings.OrderBy(static vector => vector.Index).Select(static vector => vector.Vector.ToArray())]
                : throw new JudgeException($"the embedder {embedder.Id} gave {answer.Embeddings.Count} vectors for {texts.Count} texts");
        }
    }
}
