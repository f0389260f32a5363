using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Configuration.Reading;
using Sommelier.Configuration.Yaml;

namespace Sommelier.Evals.Suites;

/// <summary>Puts a case's request together, in OpenAI's chat format without <c>model</c>.</summary>
/// <param name="problems">Takes mistakes.</param>
/// <param name="fill">Fills variables into a text.</param>
internal sealed class CaseBody(SuiteProblems problems, Func<YamlScalar, string> fill)
{
    // What the runner sets itself.
    private static readonly string[] Reserved = ["model", "messages", "stream", "stream_options", "tools", "max_tokens", "max_completion_tokens", "temperature", "n", "sommelier"];

    /// <summary>The request; null when it has no message, which has been told.</summary>
    /// <param name="own">The case.</param>
    /// <param name="defaults">What holds for all cases.</param>
    public JsonObject? Write(ConfigGroup own, ConfigGroup defaults)
    {
        if (Messages(own, defaults) is not { } messages)
        {
            return null;
        }

        var body = new JsonObject { ["messages"] = messages };
        if (Tools(own["tools"] ?? defaults["tools"]) is { } tools)
        {
            body["tools"] = tools;
        }

        if ((own.Integer("max_tokens") ?? defaults.Integer("max_tokens")) is { } most)
        {
            body["max_tokens"] = most;
        }

        if ((own.Number("temperature") ?? defaults.Number("temperature")) is { } temperature)
        {
            body["temperature"] = temperature;
        }

        foreach (var given in new[] { defaults["params"], own["params"] })
        {
            Params(body, given);
        }

        return body;
    }

    private JsonArray? Messages(ConfigGroup own, ConfigGroup defaults)
    {
        // A template of all cases is for those that have no conversation of their own.
        var template = own["template"] ?? (own["messages"] is null ? defaults["template"] : null);
        var (input, messages) = (own["input"], own["messages"]);
        if (messages is not null && (input ?? own["template"]) is { } second)
        {
            problems.Add(second.Position, second.Path, "the case has messages too", "Keep one of input, template and messages");
            return null;
        }

        JsonArray result;
        if (messages is { Value: YamlTree tree })
        {
            if (YamlJson.Read(tree, scalar => fill(scalar)) is not JsonArray { Count: > 0 } list)
            {
                problems.Add(messages.Position, messages.Path, "messages is no list of { role, content }", "Write - { role: user, content: … }");
                return null;
            }

            result = list;
        }
        else if ((template ?? input) is { } said)
        {
            if (input is not null && own["template"] is null && template is { } common && !TemplateText.Uses((string)common.Value, "input"))
            {
                problems.Warn(input.Position, input.Path, $"the case's input is not asked: the template of defaults ({common.Position.Line}:{common.Position.Column}) does not use it", "Write {{input}} into the template, or template in place of input in the case");
            }

            result = [(JsonNode)new JsonObject { ["role"] = "user", ["content"] = Content(template is null ? (string)said.Value : fill(new(said.Position, (string)said.Value, isPlain: false)), own) }];
        }
        else
        {
            problems.Add(own.Position, own.Path, "the case asks nothing", "Give it an input, messages, or vars for the template of defaults");
            return null;
        }

        if ((own["system"] ?? defaults["system"]) is { } system && !(result[0] is JsonObject first && first["role"] is JsonValue role && role.GetValueKind() == JsonValueKind.String && role.GetValue<string>() is "system" or "developer"))
        {
            result.Insert(0, new JsonObject { ["role"] = "system", ["content"] = fill(new(system.Position, (string)system.Value, isPlain: false)) });
        }

        if (messages is not null && own["attachments"] is { } attached)
        {
            problems.Add(attached.Position, attached.Path, "attachments go with input or template", "Write them into the messages, as image_url parts");
        }

        return result;
    }

    private JsonNode Content(string text, ConfigGroup own)
    {
        if (own.List("attachments") is not { Count: > 0 } attachments)
        {
            return JsonValue.Create(text);
        }

        var parts = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text });
        foreach (var item in attachments)
        {
            if (Attachment.Read((string)item.Value, item.Position, item.Path, problems) is { } part)
            {
                parts.Add((JsonNode)part);
            }
        }

        return parts;
    }

    private JsonArray? Tools(ConfigValue? given)
    {
        if (given is not { Value: YamlTree tree } || tree is YamlScalar { IsNull: true })
        {
            return null;
        }

        if (YamlJson.Read(tree) is not JsonArray list)
        {
            problems.Add(given.Position, given.Path, "tools is no list", "Write - { name: …, description: …, parameters: { type: object, … } }");
            return null;
        }

        var tools = new JsonArray();
        foreach (var item in list)
        {
            tools.Add(item is JsonObject { } tool && tool["type"] is null && tool["name"] is not null
                ? new JsonObject { ["type"] = "function", ["function"] = tool.DeepClone() }
                : item?.DeepClone());
        }

        return tools;
    }

    private void Params(JsonObject body, ConfigValue? given)
    {
        if (given is not { Value: YamlTree tree })
        {
            return;
        }

        if (tree is not YamlMap map)
        {
            problems.Add(given.Position, given.Path, "params is no mapping", "Write { reasoning_effort: low }");
            return;
        }

        foreach (var entry in map.Entries)
        {
            if (Reserved.Contains(entry.Key, StringComparer.Ordinal))
            {
                problems.Add(entry.Position, $"{given.Path}.{entry.Key}", $"'{entry.Key}' is not set by params", "Remove it; the run and the keys of the case set it");
            }
            else
            {
                body[entry.Key] = YamlJson.Read(entry.Value, scalar => fill(scalar));
            }
        }
    }
}
