using System.Text.Json;
using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>A decision as <c>POST /v1/route</c> and <c>route --json</c> answer it: the same decision, the same bytes.</summary>
internal static class RouteDecisionJson
{
    /// <summary>The answer as UTF-8.</summary>
    public static byte[] Answer(RouteDecision decision) => JsonText.Write(decision, WriteAnswer);

    /// <summary>Writes the answer as one object.</summary>
    public static void WriteAnswer(Utf8JsonWriter to, RouteDecision decision)
    {
        to.WriteStartObject();
        WriteMembers(to, decision);
        to.WriteEndObject();
    }

    internal static void WriteMembers(Utf8JsonWriter to, RouteDecision decision)
    {
        var signals = decision.Query.Signals;
        to.WriteString("id", decision.Id);
        to.WriteString("model", decision.Plan.Count > 0 ? decision.Plan[0].Deployment.Id : null);
        to.WriteString("policy", decision.Query.Policy.Name);
        if (decision.Query.Policy.Profile is { } profile)
        {
            to.WriteString("profile", profile);
        }

        if (decision.Query.Choice.Rule is { } rule)
        {
            to.WriteString("rule", rule);
        }

        if (decision.Query.Choice.Arm is { } arm)
        {
            to.WriteStartObject("split");
            to.WriteString("arm", arm);
            to.WriteNumber("share", decision.Query.Choice.Share);
            to.WriteEndObject();
        }

        if (decision.Query.Choice.Canary is { } canary)
        {
            to.WriteStartObject("canary");
            to.WriteString("to", canary.To);
            to.WriteString("version", canary.Version);
            JsonText.Word<CanaryArm>(to, "arm", canary.Arm);
            to.WriteNumber("share", canary.Share);
            if (canary.RolledBackAt is { } since)
            {
                JsonText.Time(to, "rolled_back_at", since);
            }

            to.WriteEndObject();
        }

        to.WriteString("reason", decision.Plan.Count > 0 ? decision.Reason.Token() : null);
        if (decision.Propensity < 1)
        {
            to.WriteNumber("propensity", decision.Propensity);
        }

        if (decision.Cascade is { } cascade)
        {
            CascadeJson.Write(to, cascade);
        }

        to.WriteStartObject("intent");
        to.WriteString("label", signals.Intent.Name());
        to.WriteString("group", signals.Group.Name());
        to.WriteNumber("confidence", Rounded(signals.Confidence, 4));
        to.WriteBoolean("abstained", signals.Abstained);
        to.WriteEndObject();
        to.WriteNumber("difficulty", signals.Difficulty);
        to.WriteStartObject("tokens");
        to.WriteNumber("input", signals.InputTokens);
        to.WriteNumber("expected_output", signals.ExpectedOutputTokens);
        to.WriteEndObject();
        to.WriteStartArray("candidates");
        for (var i = 0; i < decision.Ranked.Count; i++)
        {
            Write(to, decision.Ranked[i]);
        }

        for (var i = 0; i < decision.Dropped.Count; i++)
        {
            var dropped = decision.Dropped[i];
            to.WriteStartObject();
            to.WriteString("model", dropped.Deployment.Id);
            to.WriteStartObject("dropped");
            to.WriteString("constraint", dropped.Constraint);
            to.WriteString("detail", dropped.Detail);
            to.WriteEndObject();
            to.WriteEndObject();
        }

        to.WriteEndArray();
        if (decision.Error is { } error)
        {
            to.WriteStartObject("error");
            to.WriteString("code", error.Code);
            to.WriteString("message", error.Message);
            to.WriteEndObject();
        }

        to.WriteString("catalog_version", decision.Query.Catalog.Version);
        to.WriteString("policy_version", decision.Query.Policy.Version);
        to.WriteString("quality_version", decision.Query.Catalog.QualityTable.Published);
    }

    private static void Write(Utf8JsonWriter to, in RankedCandidate candidate)
    {
        to.WriteStartObject();
        to.WriteString("model", candidate.Deployment.Id);
        to.WriteNumber("rank", candidate.Rank);
        to.WriteStartObject("quality");
        to.WriteNumber("mean", Rounded(candidate.QualityMean, 4));
        to.WriteNumber("low", Rounded(candidate.QualityLow, 4));
        to.WriteString("evidence", candidate.Evidence);
        to.WriteEndObject();
        JsonText.Amount(to, "cost_usd", double.IsFinite(candidate.CostUsd) ? Rounded(candidate.CostUsd, 9) : null);
        JsonText.Integer(to, "latency_ms", double.IsFinite(candidate.LatencyMs) ? (long)Math.Round(candidate.LatencyMs) : null);
        to.WriteEndObject();
    }

    // Decimal, so that 0.1 is written as 0.1 and never as 0.1000000001.
    private static decimal Rounded(double value, int digits) => Math.Round((decimal)value, digits) / 1.0000000000000000000000000000m;
}
