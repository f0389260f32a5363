using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;

namespace Sommelier.Routing;

/// <summary>A decision with all that it depended on, as JSON, so that it can be decided again.</summary>
/// <param name="Id">The decision's id.</param>
/// <param name="CatalogVersion">The catalog that it was made on.</param>
/// <param name="Query">What was decided upon, over the catalog that was given to <see cref="Read"/>.</param>
internal sealed record RouteRecord(string Id, string CatalogVersion, RouteQuery Query)
{
    /// <summary>Who was to be asked first; null when nobody could serve the request.</summary>
    public string? First { get; private init; }

    /// <summary>The chance with which it came first, over the draws of splits and exploration.</summary>
    public double Propensity { get; private init; } = 1;

    /// <summary>Whether deciding again must give the same plan: the catalog is the one of the record.</summary>
    public bool IsExact => string.Equals(CatalogVersion, Query.Catalog.Version, StringComparison.Ordinal);

    /// <summary>The whole record as UTF-8.</summary>
    public static byte[] Write(RouteDecision decision) => JsonText.Write(decision, Write);

    /// <summary>Writes the whole record as one object: the answer of <c>/v1/route</c>, and under <c>inputs</c> what it depended on.</summary>
    public static void Write(Utf8JsonWriter to, RouteDecision decision)
    {
        to.WriteStartObject();
        WriteMembers(to, decision);
        to.WriteEndObject();
    }

    /// <summary>Writes the record's members into an object that has further ones.</summary>
    public static void WriteMembers(Utf8JsonWriter to, RouteDecision decision)
    {
        var query = decision.Query;
        RouteDecisionJson.WriteMembers(to, decision);
        to.WriteStartArray("plan");
        for (var i = 0; i < decision.Plan.Count; i++)
        {
            to.WriteStringValue(decision.Plan[i].Deployment.Id);
        }

        to.WriteEndArray();
        to.WriteStartObject("inputs");
        to.WriteString("model", query.Model);
        to.WriteNumber("seed", query.Seed);
        JsonText.Time(to, "at", query.At);
        to.WritePropertyName("signals");
        SignalsJson.Write(to, query.Signals);
        to.WritePropertyName("hints");
        HintsJson.Write(to, query.Hints);
        if (query.KeyModels.Count > 0)
        {
            JsonText.Strings(to, "key_models", query.KeyModels);
        }

        if (!query.Caller.Equals(CallerFacts.Unknown))
        {
            to.WriteStartObject("caller");
            to.WriteString("key", query.Caller.Key);
            to.WriteString("team", query.Caller.Team);
            to.WriteString("organisation", query.Caller.Organisation);
            to.WriteEndObject();
        }

        to.WritePropertyName("policy");
        PolicyJson.WriteKept(to, query.Policy);
        to.WritePropertyName("live");
        LiveStateJson.Write(to, decision);
        if (query.Prior is { } prior)
        {
            to.WriteStartObject("prior");
            to.WriteString("model", prior.DeploymentId);
            JsonText.Time(to, "at", prior.At);
            to.WriteNumber("cached_tokens", prior.CachedTokens);
            to.WriteEndObject();
        }

        to.WriteEndObject();
    }

    /// <summary>The published version of the quality table that a record names; <c>v0</c> for the catalog's own table.</summary>
    /// <exception cref="FormatException">It is not a record that <see cref="Write(RouteDecision)"/> wrote.</exception>
    public static string QualityVersionOf(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);

            // Records from before versions were published do not name one.
            return JsonText.Get(document.RootElement, "quality_version")?.GetString() ?? QualityTable.Unpublished;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"This is not a decision record: {e.Message}", e);
        }
    }

    /// <summary>Reads a record; <c>ModelRouter.Decide(record.Query)</c> gives the same plan and id when <see cref="IsExact"/>.</summary>
    /// <exception cref="FormatException">It is not a record that <see cref="Write(RouteDecision)"/> wrote.</exception>
    public static RouteRecord Read(ReadOnlyMemory<byte> json, CatalogSnapshot catalog)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return new(root.GetProperty("id").GetString()!, root.GetProperty("catalog_version").GetString()!, ReadQuery(root.GetProperty("inputs"), ReadChoice(root), catalog))
            {
                First = root.GetProperty("model").GetString(),
                Propensity = JsonText.Get(root, "propensity")?.GetDouble() ?? 1,
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"This is not a decision record: {e.Message}", e);
        }
    }

    private static PolicyChoice ReadChoice(JsonElement root) =>
        (JsonText.Get(root, "rule")?.GetString(), JsonText.Get(root, "split"), JsonText.Get(root, "canary")) switch
        {
            (null, null, null) => PolicyChoice.None,
            (var rule, null, var canary) => new(rule, Canary: ReadCanary(canary)),
            (var rule, { } split, var canary) => new(rule, split.GetProperty("arm").GetString(), split.GetProperty("share").GetDouble(), ReadCanary(canary)),
        };

    private static CanaryChoice? ReadCanary(JsonElement? canary) => canary is not { } from
        ? null
        : new(
            from.GetProperty("to").GetString()!,
            from.GetProperty("version").GetString()!,
            JsonText.ReadWord<CanaryArm>(from, "arm") ?? throw new FormatException("'canary.arm' is missing."),
            from.GetProperty("share").GetDouble(),
            JsonText.Get(from, "rolled_back_at") is null ? null : JsonText.ReadTime(from, "rolled_back_at"));

    private static RouteQuery ReadQuery(JsonElement inputs, PolicyChoice choice, CatalogSnapshot catalog) => new()
    {
        Model = inputs.GetProperty("model").GetString()!,
        Seed = inputs.GetProperty("seed").GetInt64(),
        Signals = SignalsJson.Read(inputs.GetProperty("signals")),
        Hints = HintsJson.Read(inputs.GetProperty("hints")),
        KeyModels = JsonText.Get(inputs, "key_models") is null ? [] : JsonText.ReadStrings(inputs, "key_models"),
        Caller = JsonText.Get(inputs, "caller") is { } caller
            ? new(JsonText.Get(caller, "key")?.GetString(), JsonText.Get(caller, "team")?.GetString(), JsonText.Get(caller, "organisation")?.GetString())
            : CallerFacts.Unknown,
        Policy = PolicyJson.Read(inputs.GetProperty("policy")),
        Choice = choice,
        Catalog = catalog,
        Live = LiveStateJson.Read(inputs.GetProperty("live"), JsonText.ReadTime(inputs, "at") ?? throw new FormatException("'at' is null.")),
        Prior = JsonText.Get(inputs, "prior") is { } prior
            ? new(prior.GetProperty("model").GetString()!, JsonText.ReadTime(prior, "at") ?? throw new FormatException("'prior.at' is null."), prior.GetProperty("cached_tokens").GetInt32())
            : null,
    };
}
