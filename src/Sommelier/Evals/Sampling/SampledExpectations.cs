using System.Text.Json.Nodes;

namespace Sommelier.Evals.Sampling;

/// <summary>What a sampled case expects until its owner writes more: only what the request itself says, and what a judge is given.</summary>
internal static class SampledExpectations
{
    /// <summary>Never empty.</summary>
    /// <param name="parameters">Further fields of the request.</param>
    /// <param name="calls">Whether the recorded answer calls tools.</param>
    /// <param name="settings">Whether somebody judges.</param>
    public static JsonArray Of(JsonObject parameters, bool calls, SampleSettings settings)
    {
        var result = new JsonArray();
        if (settings.Judge is not null)
        {
            result.Add((JsonNode)new JsonObject { ["llm-rubric"] = settings.Rubric });
        }

        if (calls)
        {
            result.Add((JsonNode)new JsonObject { ["type"] = "is-valid-tools-call" });
        }
        else if (parameters["response_format"] is JsonObject form && form["type"]?.GetValue<string>() is "json_object" or "json_schema")
        {
            var schema = (parameters["response_format"]!["json_schema"] as JsonObject)?["schema"];
            result.Add((JsonNode)(schema is null ? new JsonObject { ["type"] = "is-json" } : new JsonObject { ["type"] = "is-json", ["value"] = schema.DeepClone() }));
        }

        if (result.Count == 0)
        {
            result.Add((JsonNode)new JsonObject { ["type"] = "not-refusal" });
        }

        return result;
    }
}
