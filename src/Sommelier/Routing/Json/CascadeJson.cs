using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Routing.Cascading;

namespace Sommelier.Routing;

/// <summary>The cascade of a policy, and that of a decision, as JSON.</summary>
internal static class CascadeJson
{
    /// <summary>Writes a policy's, as the member <c>cascade</c>.</summary>
    public static void Write(Utf8JsonWriter to, CascadeSettings cascade)
    {
        to.WriteStartObject("cascade");
        JsonText.Strings(to, "first", cascade.First);
        to.WriteBoolean("schema", cascade.Schema);
        to.WriteString("regex", cascade.Regex);
        to.WriteNumber("samples", cascade.Samples);
        to.WriteNumber("agreeing", cascade.Agreeing);
        to.WriteString("judge", cascade.Judge);
        to.WriteNumber("judge_min", cascade.JudgeMin);
        to.WriteString("criterion", cascade.Criterion);
        to.WriteBoolean("streams", cascade.Streams);
        if (cascade.Tools)
        {
            to.WriteBoolean("tools", true);
        }

        JsonText.Amount(to, "max_extra_usd", cascade.MaxExtraUsd);
        to.WriteNumber("max_extra_ms", cascade.MaxExtraMs);
        to.WriteEndObject();
    }

    /// <summary>Reads what was written of a policy's.</summary>
    public static CascadeSettings Read(JsonElement from) => new()
    {
        First = JsonText.ReadStrings(from, "first"),
        Schema = from.GetProperty("schema").GetBoolean(),
        Regex = JsonText.Get(from, "regex")?.GetString(),
        Samples = from.GetProperty("samples").GetInt32(),
        Agreeing = from.GetProperty("agreeing").GetInt32(),
        Judge = JsonText.Get(from, "judge")?.GetString(),
        JudgeMin = from.GetProperty("judge_min").GetDouble(),
        Criterion = JsonText.Get(from, "criterion")?.GetString(),
        Streams = from.GetProperty("streams").GetBoolean(),
        Tools = JsonText.Get(from, "tools")?.GetBoolean() ?? false,
        MaxExtraUsd = from.GetProperty("max_extra_usd").GetDecimal(),
        MaxExtraMs = from.GetProperty("max_extra_ms").GetInt32(),
    };

    /// <summary>Writes a decision's, as the member <c>cascade</c>.</summary>
    public static void Write(Utf8JsonWriter to, CascadePlan cascade)
    {
        to.WriteStartObject("cascade");
        if (cascade.Declined is { } why)
        {
            to.WriteString("declined", EnumNames<CascadeDecline>.Of(why));
        }
        else
        {
            to.WriteString("first", cascade.First.Deployment.Id);
            to.WriteString("next", cascade.Next.Deployment.Id);
            if (cascade.Judge is { } judge)
            {
                to.WriteString("judge", judge.Deployment.Id);
            }

            JsonText.Integer(to, "output_cap", cascade.OutputCap);
            to.WriteNumber("max_extra_usd", NanoUsd.ToUsd(cascade.ExtraNanoUsd));
        }

        to.WriteEndObject();
    }
}
