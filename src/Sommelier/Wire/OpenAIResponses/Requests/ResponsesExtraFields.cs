using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The top-level fields of a request that have no place in our own words.</summary>
internal static class ResponsesExtraFields
{
    private static readonly string[] Known =
    [
        "model", "input", "instructions", "stream", "max_output_tokens", "temperature", "top_p", "tools", "parallel_tool_calls", "reasoning",
        "user", "sommelier", "previous_response_id",
    ];

    /// <summary>The prefix of unknown fields that stood in <c>tool_choice</c>.</summary>
    public const string ChoicePrefix = "tool_choice.";

    /// <summary>Collects them: what another format must warn of, and what says only what holds there anyway.</summary>
    public static Extra? Collect(JsonFields request)
    {
        List<KeyValuePair<string, string>>? fields = null;
        List<KeyValuePair<string, string>>? marks = null;
        foreach (var property in request.Element.EnumerateObject())
        {
            var value = property.Value;
            if (value.ValueKind == JsonValueKind.Null || property.IsAmong(Known))
            {
                continue;
            }

            switch (property.Name)
            {
                case "tool_choice":
                    if (ResponsesToolReader.IsVendors(value))
                    {
                        (fields ??= []).Add(new(property.Name, value.GetRawText()));
                    }
                    else
                    {
                        Choice(value, ref fields);
                    }

                    break;
                case "text":
                    Text(value, ref fields, ref marks);
                    break;
                case "top_logprobs" when value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var most) && most > 0:
                    break;
                default:
                    (IsHarmless(property.Name, value) ? marks ??= [] : fields ??= []).Add(new(property.Name, value.GetRawText()));
                    break;
            }
        }

        return fields is null && marks is null ? null : new Extra(OpenAIResponsesFormat.FormatName, fields ?? []) { Marks = marks ?? [] };
    }

    private static void Choice(JsonElement choice, ref List<KeyValuePair<string, string>>? fields)
    {
        FormExtras.Collect(choice, ChoicePrefix, ["type", "name", "mode", "tools"], ref fields);
        if (choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array)
        {
            foreach (var (index, tool) in tools.EnumerateArray().Index())
            {
                FormExtras.Collect(tool, $"{ChoicePrefix}tools[{index}].", ["type", "name"], ref fields);
            }
        }
    }

    // The parts of the text object that stand beside a form that we know; they carry its name.
    private static void Text(JsonElement text, ref List<KeyValuePair<string, string>>? fields, ref List<KeyValuePair<string, string>>? marks)
    {
        foreach (var property in text.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (!property.NameEquals("format"))
            {
                var isUsual = property.NameEquals("verbosity") && property.Value.ValueKind == JsonValueKind.String && property.Value.ValueEquals("medium");
                (isUsual ? marks ??= [] : fields ??= []).Add(new($"text.{property.Name}", property.Value.GetRawText()));
            }
            else if (property.Value.GetProperty("type").GetString() is not ("text" or "json_object" or "json_schema"))
            {
                (fields ??= []).Add(new("text.format", property.Value.GetRawText()));
            }
            else
            {
                FormExtras.Collect(property.Value, FormExtras.Responses, ["type", "name", "schema", "strict", "description"], ref fields);
            }
        }
    }

    // What is kept, how it is cached and how it is billed is the gateway's and the provider's business; what names the
    // usual case loses nothing.
    private static bool IsHarmless(string name, JsonElement value) => name switch
    {
        "store" or "prompt_cache_key" or "prompt_cache_retention" or "prompt_cache_options" or "stream_options" or "client_metadata" => true,
        "background" or "conversation" => true,
        "top_logprobs" => true,
        "truncation" => Is(value, "disabled"),
        "service_tier" => Is(value, "auto") || Is(value, "default"),
        "metadata" => value.ValueKind == JsonValueKind.Object && value.GetPropertyCount() == 0,
        "include" => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(static item => Is(item, ResponsesWords.SealedThinking) || Is(item, ResponsesWords.LogProbs)),
        _ => false,
    };

    private static bool Is(JsonElement value, string text) => value.ValueKind == JsonValueKind.String && value.ValueEquals(text);
}
