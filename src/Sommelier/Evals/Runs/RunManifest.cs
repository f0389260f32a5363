using System.Globalization;
using System.Text.Json;
using Sommelier.Evals.Suites;

namespace Sommelier.Evals.Runs;

/// <summary>What a run is of: <c>run.json</c> in its folder.</summary>
internal sealed record RunManifest
{
    /// <summary>The run's id, which is its folder's name by default.</summary>
    public required string Id { get; init; }

    /// <summary>When it began, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Its suites.</summary>
    public required IReadOnlyList<SuiteReference> Suites { get; init; }

    /// <summary>Its models, the first of them the baseline.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>How often each case is asked; null: as the suites say.</summary>
    public int? Repeats { get; init; }

    /// <summary>How many of the suites' cases are asked, from the begin of the run's order on: a sample by chance, spread over the intents. Null: all.</summary>
    public int? Cases { get; init; }

    /// <summary>Of order and waits.</summary>
    public int Seed { get; init; }

    /// <summary>Whether its models are simulated.</summary>
    public bool Simulated { get; init; }

    /// <summary>The cap, USD; null for none.</summary>
    public decimal? MaxUsd { get; init; }

    /// <summary>Whether a comparison may end early.</summary>
    public bool Stop { get; init; }

    /// <summary>What its models are held to; null for nothing.</summary>
    public SuiteGate? Gate { get; init; }

    /// <summary>What an early end found of each model against the first; empty without one.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Decided { get; init; } = [];

    /// <summary>Writes it as JSON.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", Id);
        json.WriteString("created_at", CreatedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteStartArray("suites");
        foreach (var suite in Suites)
        {
            json.WriteStartObject();
            json.WriteString("suite", suite.Id);
            json.WriteString("version", suite.Version);
            json.WriteString("hash", suite.Hash);
            json.WriteString("file", suite.File);
            if (suite.Compare is { } compare)
            {
                json.WriteStartObject("compare");
                json.WriteNumber("pairs", compare.Pairs);
                json.WriteBoolean("style", compare.Style);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("models");
        foreach (var model in Models)
        {
            json.WriteStringValue(model);
        }

        json.WriteEndArray();
        if (Repeats is { } repeats)
        {
            json.WriteNumber("repeats", repeats);
        }

        if (Cases is { } cases)
        {
            json.WriteNumber("cases", cases);
        }

        json.WriteNumber("seed", Seed);
        json.WriteBoolean("simulated", Simulated);
        if (MaxUsd is { } cap)
        {
            json.WriteNumber("max_usd", cap);
        }

        json.WriteBoolean("stop", Stop);
        if (Gate is { } gate)
        {
            json.WriteStartObject("gate");
            json.WriteString("vs", gate.Vs);
            json.WriteNumber("max_regression", gate.MaxRegression);
            json.WriteNumber("alpha", gate.Alpha);
            json.WriteEndObject();
        }

        json.WriteStartObject("decided");
        foreach (var (model, verdict) in Decided)
        {
            json.WriteString(model, verdict);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public static RunManifest Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var json = document.RootElement;
            return new()
            {
                Id = json.GetProperty("id").GetString()!,
                CreatedAt = json.GetProperty("created_at").GetDateTimeOffset(),
                Suites = [.. json.GetProperty("suites").EnumerateArray().Select(static suite => new SuiteReference(
                    suite.GetProperty("suite").GetString()!, suite.GetProperty("version").GetString()!, suite.GetProperty("hash").GetString()!, suite.GetProperty("file").GetString()!,
                    suite.TryGetProperty("compare", out var compare) ? new(compare.GetProperty("pairs").GetInt32(), compare.GetProperty("style").GetBoolean()) : null))],
                Models = [.. json.GetProperty("models").EnumerateArray().Select(static model => model.GetString()!)],
                Repeats = json.TryGetProperty("repeats", out var repeats) ? repeats.GetInt32() : null,
                Cases = json.TryGetProperty("cases", out var cases) ? cases.GetInt32() : null,
                Seed = json.GetProperty("seed").GetInt32(),
                Simulated = json.GetProperty("simulated").GetBoolean(),
                MaxUsd = json.TryGetProperty("max_usd", out var cap) ? cap.GetDecimal() : null,
                Stop = json.GetProperty("stop").GetBoolean(),
                Gate = json.TryGetProperty("gate", out var gate)
                    ? new(gate.GetProperty("vs").GetString(), gate.GetProperty("max_regression").GetDouble(), gate.GetProperty("alpha").GetDouble())
                    : null,
                Decided = [.. json.GetProperty("decided").EnumerateObject().Select(static model => KeyValuePair.Create(model.Name, model.Value.GetString()!))],
            };
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("run.json is not that of a run", failure);
        }
    }
}

/// <summary>A suite as a run remembers it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">What its author calls the version.</param>
/// <param name="Hash">Its content's hash.</param>
/// <param name="File">Where it was read from, absolute.</param>
/// <param name="Compare">Its comparisons; null for none.</param>
internal sealed record SuiteReference(string Id, string Version, string Hash, string File, ComparisonReference? Compare = null)
{
    /// <summary>Of a suite.</summary>
    public static SuiteReference Of(Suite suite) => new(suite.Id, suite.Version, suite.Hash, Path.GetFullPath(suite.File));
}

/// <summary>A suite's comparisons as a run remembers them.</summary>
/// <param name="Pairs">How many the run is to make.</param>
/// <param name="Style">Whether the ranking is also reckoned without what length and layout do.</param>
internal sealed record ComparisonReference(int Pairs, bool Style);
