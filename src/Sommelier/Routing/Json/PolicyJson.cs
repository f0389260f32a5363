using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Routing.Strategies;

namespace Sommelier.Routing;

/// <summary>A policy's content as JSON, in one key order, and back.</summary>
internal static class PolicyJson
{
    // A policy lives as long as its configuration and is recorded with every request that it routed.
    private static readonly ConditionalWeakTable<Policy, byte[]> Written = [];

    /// <summary>Writes a policy that will be written many times more.</summary>
    public static void WriteKept(Utf8JsonWriter to, Policy policy) =>
        to.WriteRawValue(Written.GetValue(policy, static policy => JsonText.Write(policy, Write)), skipInputValidation: true);

    /// <summary>16 hex digits of the SHA-256 of the content.</summary>
    public static string Hash(Policy policy) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonText.Write(policy, Write)).AsSpan(0, 8));

    public static void Write(Utf8JsonWriter to, Policy policy)
    {
        to.WriteStartObject();
        to.WriteString("name", policy.Name);
        to.WriteString("strategy", policy.Strategy);
        to.WriteNumber("gap", policy.Gap);
        to.WriteNumber("steady", policy.Steady);
        if (string.Equals(policy.Strategy, FastestStrategy.Fastest, StringComparison.Ordinal))
        {
            to.WriteNumber("try_unmeasured", policy.TryUnmeasured);
        }

        to.WriteStartObject("weights");
        to.WriteNumber("quality", policy.Weights.Quality);
        to.WriteNumber("cost", policy.Weights.Cost);
        to.WriteNumber("latency", policy.Weights.Latency);
        to.WriteEndObject();
        to.WriteStartObject("prefer");
        foreach (var (intent, models) in policy.Prefer.OrderBy(p => p.Key))
        {
            JsonText.Strings(to, intent.Name(), models);
        }

        to.WriteEndObject();
        if (policy.First.Count > 0)
        {
            JsonText.Strings(to, "first", [.. policy.First.Select(EnumNames<CandidateGroup>.Of)]);
        }

        JsonText.Strings(to, "order", policy.Order);
        JsonText.Amount(to, "max_cost_usd", policy.MaxCostUsd);
        JsonText.Integer(to, "max_latency_ms", policy.MaxLatencyMs);
        JsonText.Number(to, "min_quality", policy.MinQuality);
        JsonText.Word(to, "data", policy.Data);
        JsonText.Word<DataClass>(to, "uncleared_data", policy.UnclearedData);
        JsonText.Strings(to, "regions", policy.Regions);
        JsonText.Strings(to, "only", policy.Only);
        JsonText.Strings(to, "exclude", policy.Exclude);
        to.WriteString("freeze_date", policy.FreezeDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        to.WriteBoolean("allow_preview", policy.AllowPreview);
        if (policy.MinLifeDays is { } life)
        {
            to.WriteNumber("min_life_days", life);
        }

        if (policy.Profile is { } profile)
        {
            to.WriteString("profile", profile);
            JsonText.Strings(to, "profile_only", policy.ProfileOnly);
        }

        to.WriteBoolean("allow_fallback", policy.AllowFallback);
        to.WriteBoolean("pinned_fallback", policy.PinnedFallback);
        to.WriteBoolean("successor", policy.Successor);
        JsonText.Word<OnBreak>(to, "on_break", policy.OnBreak);
        if (policy.Hedge is { } hedge)
        {
            to.WriteStartObject("hedge");
            JsonText.Integer(to, "after_ms", hedge.After is { } after ? (int)after.TotalMilliseconds : null);
            to.WriteNumber("max_share", hedge.MaxShare);
            to.WriteNumber("max_usd_per_hour", hedge.MaxUsdPerHour);
            to.WriteEndObject();
        }

        if (policy.Escalate is { } escalate)
        {
            to.WriteStartObject("escalate");
            to.WriteBoolean("on_repeat", escalate.OnRepeat);
            JsonText.Integer(to, "on_stall", escalate.OnStall);
            to.WriteEndObject();
        }

        if (policy.Cascade is { } cascade)
        {
            CascadeJson.Write(to, cascade);
        }

        if (policy.Classify is { } classify)
        {
            to.WriteStartObject("classify");
            to.WriteString("model", classify.Model);
            to.WriteNumber("timeout_ms", (long)classify.Timeout.TotalMilliseconds);
            to.WriteNumber("keep_for_ms", (long)classify.KeepFor.TotalMilliseconds);
            to.WriteEndObject();
        }

        if (policy.Balance != BalanceMode.Latency)
        {
            JsonText.Word<BalanceMode>(to, "balance", policy.Balance);
        }

        to.WriteStartObject("sticky");
        to.WriteBoolean("enabled", policy.Sticky.Enabled);
        to.WriteNumber("keep_for_ms", (long)policy.Sticky.KeepFor.TotalMilliseconds);
        to.WriteNumber("cache_for_ms", (long)policy.Sticky.CacheFor.TotalMilliseconds);
        to.WriteNumber("certainty", policy.Sticky.Certainty);
        to.WriteNumber("saving", policy.Sticky.Saving);
        to.WriteEndObject();
        if (policy.Cache is not { Enabled: null, Ttl: null, Similar: null })
        {
            // Said only where it was said: the versions of other policies stay as they were.
            to.WriteStartObject("cache");
            JsonText.Flag(to, "enabled", policy.Cache.Enabled);
            JsonText.Integer(to, "ttl_ms", (long?)policy.Cache.Ttl?.TotalMilliseconds);
            if (policy.Cache.Similar is { } similar)
            {
                to.WriteStartObject("similar");
                to.WriteString("model", similar.Model);
                to.WriteNumber("at_least", similar.AtLeast);
                to.WriteNumber("timeout_ms", (long)similar.Timeout.TotalMilliseconds);
                to.WriteEndObject();
            }

            to.WriteEndObject();
        }

        if (policy.Explore is { } explore)
        {
            to.WriteStartObject("explore");
            to.WriteNumber("share", explore.Share);
            to.WriteNumber("max_cost_ratio", explore.MaxCostRatio);
            to.WriteEndObject();
        }

        if (policy.Shadow is { } shadow)
        {
            to.WriteStartObject("shadow");
            to.WriteString("to", shadow.To);
            to.WriteNumber("share", shadow.Share);
            to.WriteNumber("max_usd_per_day", shadow.MaxUsdPerDay);
            to.WriteEndObject();
        }

        if (!policy.IsPlain)
        {
            PolicyBranchesJson.Write(to, policy);
        }

        to.WriteEndObject();
    }

    /// <summary>Reads what <see cref="Write"/> wrote of a plain policy: decisions are recorded with these.</summary>
    /// <exception cref="FormatException">An unknown intent or word.</exception>
    /// <exception cref="KeyNotFoundException">A member is missing.</exception>
    public static Policy Read(JsonElement from)
    {
        var weights = from.GetProperty("weights");
        var sticky = from.GetProperty("sticky");
        return new()
        {
            Name = from.GetProperty("name").GetString()!,
            Strategy = from.GetProperty("strategy").GetString()!,
            Gap = from.GetProperty("gap").GetDouble(),
            Steady = JsonText.Get(from, "steady")?.GetDouble() ?? 0, // Decisions on record from before there was a band had none.
            TryUnmeasured = JsonText.Get(from, "try_unmeasured")?.GetDouble() ?? 0, // Nor any trials of speed.
            Weights = new(weights.GetProperty("quality").GetDouble(), weights.GetProperty("cost").GetDouble(), weights.GetProperty("latency").GetDouble()),
            Prefer = from.GetProperty("prefer").EnumerateObject().ToDictionary(
                p => Intents.TryParse(p.Name, out var intent) ? intent : throw new FormatException($"There is no intent '{p.Name}'."),
                IReadOnlyList<string> (p) => [.. p.Value.EnumerateArray().Select(e => e.GetString()!)]),
            First = [.. JsonText.ReadStrings(from, "first").Select(word => EnumNames<CandidateGroup>.Parse(word) ?? throw new FormatException($"There is no group '{word}'."))],
            Order = JsonText.ReadStrings(from, "order"),
            MaxCostUsd = JsonText.Get(from, "max_cost_usd")?.GetDecimal(),
            MaxLatencyMs = JsonText.Get(from, "max_latency_ms")?.GetInt32(),
            MinQuality = JsonText.Get(from, "min_quality")?.GetDouble(),
            Data = JsonText.ReadWord<DataClass>(from, "data"),
            UnclearedData = JsonText.ReadWord<DataClass>(from, "uncleared_data") ?? DataClass.Public,
            Regions = JsonText.ReadStrings(from, "regions"),
            Only = JsonText.ReadStrings(from, "only"),
            Exclude = JsonText.ReadStrings(from, "exclude"),
            FreezeDate = JsonText.Get(from, "freeze_date")?.GetString() is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
            AllowPreview = from.GetProperty("allow_preview").GetBoolean(),
            MinLifeDays = JsonText.Get(from, "min_life_days")?.GetInt32(),
            Profile = JsonText.Get(from, "profile")?.GetString(),
            ProfileOnly = JsonText.ReadStrings(from, "profile_only"),
            AllowFallback = from.GetProperty("allow_fallback").GetBoolean(),
            PinnedFallback = from.GetProperty("pinned_fallback").GetBoolean(),
            Successor = from.GetProperty("successor").GetBoolean(),
            OnBreak = JsonText.ReadWord<OnBreak>(from, "on_break") ?? OnBreak.Error,
            Hedge = JsonText.Get(from, "hedge") is { } hedge ? Hedge(hedge) : null,
            Escalate = JsonText.Get(from, "escalate") is { } escalate
                ? new() { OnRepeat = escalate.GetProperty("on_repeat").GetBoolean(), OnStall = JsonText.Get(escalate, "on_stall")?.GetInt32() }
                : null,
            Cascade = JsonText.Get(from, "cascade") is { } cascade ? CascadeJson.Read(cascade) : null,
            Classify = JsonText.Get(from, "classify") is { } classify
                ? new()
                {
                    Model = classify.GetProperty("model").GetString()!,
                    Timeout = TimeSpan.FromMilliseconds(classify.GetProperty("timeout_ms").GetInt64()),
                    KeepFor = TimeSpan.FromMilliseconds(classify.GetProperty("keep_for_ms").GetInt64()),
                }
                : null,
            Balance = JsonText.ReadWord<BalanceMode>(from, "balance") ?? BalanceMode.Latency,
            Sticky = new()
            {
                Enabled = sticky.GetProperty("enabled").GetBoolean(),
                KeepFor = TimeSpan.FromMilliseconds(sticky.GetProperty("keep_for_ms").GetInt64()),
                CacheFor = TimeSpan.FromMilliseconds(sticky.GetProperty("cache_for_ms").GetInt64()),
                Certainty = sticky.GetProperty("certainty").GetDouble(),
                Saving = sticky.GetProperty("saving").GetDouble(),
            },
            Cache = JsonText.Get(from, "cache") is { } cache
                ? new(
                    JsonText.Get(cache, "enabled")?.GetBoolean(),
                    JsonText.Get(cache, "ttl_ms") is { } ttl ? TimeSpan.FromMilliseconds(ttl.GetInt64()) : null,
                    JsonText.Get(cache, "similar") is { } similar
                        ? new()
                        {
                            Model = similar.GetProperty("model").GetString()!,
                            AtLeast = similar.GetProperty("at_least").GetDouble(),
                            Timeout = TimeSpan.FromMilliseconds(similar.GetProperty("timeout_ms").GetInt64()),
                        }
                        : null)
                : new(),
            Shadow = JsonText.Get(from, "shadow") is { } shadow
                ? new() { To = shadow.GetProperty("to").GetString()!, Share = shadow.GetProperty("share").GetDouble(), MaxUsdPerDay = shadow.GetProperty("max_usd_per_day").GetDecimal() }
                : null,
            Explore = JsonText.Get(from, "explore") is { } explore
                ? new() { Share = explore.GetProperty("share").GetDouble(), MaxCostRatio = explore.GetProperty("max_cost_ratio").GetDouble() }
                : null,
        };
    }

    private static HedgeSettings Hedge(JsonElement from) => new()
    {
        After = JsonText.Get(from, "after_ms")?.GetInt32() is { } after ? TimeSpan.FromMilliseconds(after) : null,
        MaxShare = from.GetProperty("max_share").GetDouble(),
        MaxUsdPerHour = from.GetProperty("max_usd_per_hour").GetDecimal(),
    };
}
