using System.Text.Json.Nodes;
using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Scripts;

/// <summary>What a script knows as <c>context</c>.</summary>
internal static class ScriptContext
{
    /// <summary><c>vars</c>, <c>prompt</c> (the last user message) and <c>config</c>, as JSON.</summary>
    public static string Of(GradedAnswer answer, string? config)
    {
        var variables = new JsonObject();
        foreach (var (name, value) in answer.Variables)
        {
            variables[name] = JsonNode.Parse(value.GetRawText());
        }

        return new JsonObject
        {
            ["vars"] = variables,
            ["prompt"] = answer.Input,
            ["config"] = config is null ? new JsonObject() : JsonNode.Parse(config),
        }.ToJsonString();
    }
}
