using System.Text.Json;

namespace Sommelier.Routing;

/// <summary>The rules and the split of a policy as JSON, for its version; decisions record the plain policy that came out of them.</summary>
internal static class PolicyBranchesJson
{
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
    }
}
