using System.Security.Cryptography;
using System.Text.Json;

namespace Sommelier.Routing;

/// <summary>The rules, the split and the canary of a policy as JSON, for its version; decisions record the plain policy that came out of them.</summary>
internal static class PolicyBranchesJson
{
    /// <summary>16 hex digits of the SHA-256 of a canary's content.</summary>
    public static string Hash(CanarySettings canary) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonText.Write(canary, Write)).AsSpan(0, 8));

    public static void Write(Utf8JsonWriter to, Policy policy)
    {
        to.WriteString("time_zone", policy.TimeZone.Id);
        to.WriteStartArray("rules");
        foreach (var rule in policy.Rules)
        {
            to.WriteStartObject();
            to.WriteString("name", rule.Name);
            to.WriteString("when", rule.When.Text);
            to.WritePropertyName("then");
            PolicyJson.Write(to, rule.Then);
            to.WriteEndObject();
        }

        to.WriteEndArray();
        to.WriteStartArray("split");
        foreach (var arm in policy.Split)
        {
            to.WriteStartObject();
            to.WriteString("name", arm.Name);
            to.WriteNumber("share", arm.Share);
            to.WritePropertyName("then");
            PolicyJson.Write(to, arm.Then);
            to.WriteEndObject();
        }

        to.WriteEndArray();
        if (policy.Canary is { } canary)
        {
            to.WritePropertyName("canary");
            Write(to, canary);
        }
    }

    private static void Write(Utf8JsonWriter to, CanarySettings canary)
    {
        to.WriteStartObject();
        to.WriteString("to", canary.To);
        to.WriteNumber("share", canary.Share);
        to.WriteNumber("min_requests", canary.MinRequests);
        to.WriteNumber("max_error_increase", canary.MaxErrorIncrease);
        to.WriteNumber("max_latency_ratio", canary.MaxLatencyRatio);
        to.WriteNumber("max_cost_ratio", canary.MaxCostRatio);
        to.WritePropertyName("then");
        PolicyJson.Write(to, canary.Then);
        to.WriteEndObject();
    }
}
