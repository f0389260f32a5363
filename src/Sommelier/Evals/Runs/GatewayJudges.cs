using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Judges;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>
/// Judges and embedders of a run: asked through the gateway, paid from the run's money. The same question is asked once, in this run
/// and in those that it keeps answers of; what was said is on record before it is used.
/// </summary>
/// <param name="caller">Sends.</param>
/// <param name="patient">Waits.</param>
/// <param name="catalog">What models there are.</param>
/// <param name="spend">The run's money.</param>
/// <param name="log">What was said.</param>
/// <param name="time">The clock.</param>
internal sealed class GatewayJudges(GatewayCaller caller, PatientCaller patient, CatalogSnapshot catalog, SpendMeter spend, JudgementLog log, TimeProvider time)
{
    // Far more than a verdict has.
    private const int UnknownOutputTokens = 8192;

    private readonly GatewayCaller caller = caller;
    private readonly CatalogSnapshot catalog = catalog;
    private readonly ConcurrentDictionary<string, Lazy<Task<Judgement>>> asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, decimal> dearest = new(StringComparer.Ordinal);

    /// <summary>Whether a judge was not asked because the money is spent.</summary>
    public bool Exhausted { get; private set; }

    /// <summary>The judges of one answer, or of two.</summary>
    /// <param name="suite">Names the models.</param>
    /// <param name="contestants">Who answered: they may not judge, under whatever provider's name.</param>
    public IJudgeModels For(Suite suite, params IReadOnlyList<Candidate> contestants) => new Judges(this, suite, contestants);

    private async Task<Judgement> OnceAsync(string key, Deployment deployment, int bytes, Func<CancellationToken, Task<ModelCall>> call, CancellationToken cancellationToken)
    {
        var first = asked.GetOrAdd(key, _ => new(() => log.Find(key) is { } said ? Task.FromResult(said) : PaidAsync(key, deployment, bytes, call, cancellationToken)));
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

    private async Task<Judgement> PaidAsync(string key, Deployment deployment, int bytes, Func<CancellationToken, Task<ModelCall>> call, CancellationToken cancellationToken)
    {
        // Before its first call a judge is held to its price ceiling: where that is more than is left, one call is tried alone.
        var expected = () => dearest.TryGetValue(deployment.Id, out var most) ? new ExpectedCost(most, Known: true) : new(Ceiling(deployment, bytes), Known: false);
        if (await spend.BeginAsync(expected, cancellationToken) is not { } held)
        {
            Exhausted = true;
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
                if (cost > 0)
                {
                    // A call that failed for nothing says nothing.
                    dearest.AddOrUpdate(deployment.Id, cost, (_, before) => Math.Max(before, cost));
                }

                return Recorded(key, deployment, made) ?? throw new JudgeException($"the judge {deployment.Id} did not answer: {made.Call.Error?.Message}");
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
            spend.Settle(held, cost);
        }
    }

    // No text has more tokens than bytes, and no answer more than the model's limit.
    private static decimal Ceiling(Deployment deployment, int bytes)
    {
        if (deployment.Price is not { } price)
        {
            return 0;
        }

        var ceiling = PriceCeiling.Of(price, bytes, sound: false);
        var output = deployment.Kind == ModelKind.Embedding ? 0 : deployment.MaxOutputTokens ?? UnknownOutputTokens;
        return NanoUsd.ToUsd(decimal.ToInt64(decimal.Ceiling((ceiling.InputNanoUsdPerToken * bytes) + (ceiling.OutputNanoUsdPerToken * output))));
    }

    // Also what came to nothing is on record where it cost something; null then.
    private Judgement? Recorded(string key, Deployment deployment, PatientResult made)
    {
        var said = new Judgement { Key = key, Judge = deployment.Id, At = time.GetUtcNow(), SpentUsd = made.SpentUsd };
        if (made.Call.Response is not { } answer)
        {
            if (made.SpentUsd > 0)
            {
                log.Append(said);
            }

            return null;
        }

        said = answer.Embeddings.Count > 0
            ? said with { Version = answer.ResponseModel ?? "", Vectors = [.. answer.Embeddings.OrderBy(static vector => vector.Index).Select(static vector => vector.Vector.ToArray())] }
            : said with { Version = answer.ResponseModel ?? "", Text = string.Concat(answer.Parts.OfType<TextPart>().Select(static part => part.Text)) };
        log.Append(said);
        return said;
    }

    private Deployment Find(string? named, string? usual, IReadOnlyList<Candidate> contestants, string word)
    {
        var name = named ?? usual ?? throw new JudgeException($"no {word} is configured; name one under defaults of the suite");
        var found = Candidate.Find(name, catalog, out var problem) ?? throw new JudgeException(problem.TrimEnd('.'));
        return contestants.Any(one => string.Equals(found.Deployment.CanonicalModel, one.Deployment.CanonicalModel, StringComparison.OrdinalIgnoreCase))
            ? throw new JudgeException($"the {word} {found.Name} is the model under test; name another")
            : found.Deployment;
    }

    private static string Key(Deployment deployment, int repeat, ReadOnlySpan<byte> asked)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{deployment.Id}\n{repeat}\n")));
        hash.AppendData(asked);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    private sealed class Judges(GatewayJudges run, Suite suite, IReadOnlyList<Candidate> contestants) : IJudgeModels
    {
        public ValueTask<string> AskAsync(string? model, string system, string user, CancellationToken cancellationToken) => AskAsync(model, system, user, 0, cancellationToken);

        public async ValueTask<string> AskAsync(string? model, string system, string user, int repeat, CancellationToken cancellationToken)
        {
            var judge = run.Find(model, suite.Judge, contestants, "judge");
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

            var said = await run.OnceAsync(Key(judge, repeat, body.WrittenSpan), judge, body.WrittenCount, token => run.caller.AskAsync(judge, body.WrittenMemory, null, token), cancellationToken);
            return said.Text ?? "";
        }

        public async ValueTask<IReadOnlyList<float[]>> EmbedAsync(string? model, IReadOnlyList<string> texts, CancellationToken cancellationToken)
        {
            // An embedder says nothing of its own: it may be whose it will.
            var embedder = run.Find(model, suite.Embedder, [], "embedder");
            var asked = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{texts.Count}\n{string.Join('\0', texts)}"));
            var said = await run.OnceAsync(Key(embedder, 0, asked), embedder, asked.Length, token => run.caller.EmbedAsync(embedder, texts, token), cancellationToken);
            return said.Vectors?.Count == texts.Count
                ? said.Vectors
                : throw new JudgeException($"the embedder {embedder.Id} gave {said.Vectors?.Count ?? 0} vectors for {texts.Count} texts");
        }

        public string? IdentityOf(string? model) => (model ?? suite.Judge) is { } name ? ModelIdentity.Of(name, run.catalog) : null;
    }
}
