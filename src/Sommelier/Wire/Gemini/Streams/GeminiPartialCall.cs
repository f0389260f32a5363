using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>
/// A function call whose arguments come in pieces, which Vertex AI sends where <c>streamFunctionCallArguments</c> is on:
/// <c>{ jsonPath: "$.city", stringValue: "Se", willContinue: true }</c>. Put together, since other formats stream JSON text and not values.
/// </summary>
internal sealed class GeminiPartialCall
{
    private const int MaxIndex = 10_000;

    private JsonObject arguments = [];
    private string? name;
    private string? id;
    private string? seal;

    /// <summary>Whether a call has begun and not ended.</summary>
    public bool IsOpen => name is not null;

    /// <summary>Whether a call comes in pieces.</summary>
    public static bool Is(JsonFields call) => call.Bool("willContinue") == true || call.List("partialArgs") is not null;

    /// <summary>Takes a piece; true when it was the last.</summary>
    public bool Add(JsonFields call, string? signature)
    {
        name ??= call.RequiredText("name", "the function's name");
        id ??= call.Text("id");
        seal ??= signature;
        if (call.List("partialArgs") is { } pieces)
        {
            foreach (var piece in pieces.EnumerateArray())
            {
                Add(JsonFields.Of(piece, call.At("partialArgs")));
            }
        }

        return call.Bool("willContinue") != true;
    }

    /// <summary>The whole call; its id is empty when none was given.</summary>
    public ToolCallPart Close()
    {
        var whole = new ToolCallPart(id ?? "", name!, arguments.ToJsonString()) { Signature = seal, IsIdMadeUp = id is null };
        (name, id, seal, arguments) = (null, null, null, []);
        return whole;
    }

    private void Add(JsonFields piece)
    {
        var steps = Steps(piece.RequiredText("jsonPath", "where the value belongs"), piece);
        if (steps.Count == 0)
        {
            return;
        }

        JsonNode at = arguments;
        for (var i = 0; i < steps.Count - 1; i++)
        {
            at = Child(at, steps[i], steps[i + 1] is int ? () => new JsonArray() : () => new JsonObject());
        }

        if (piece.Text("stringValue") is { } text)
        {
            var before = Get(at, steps[^1]) is JsonValue value && value.TryGetValue<string>(out var begun) ? begun : "";
            Set(at, steps[^1], before + text);
        }
        else if (piece.TryGet("numberValue", out var number) && number.ValueKind == JsonValueKind.Number)
        {
            Set(at, steps[^1], JsonNode.Parse(number.GetRawText()));
        }
        else if (piece.Bool("boolValue") is { } flag)
        {
            Set(at, steps[^1], flag);
        }
        else if (piece.Element.TryGetProperty("nullValue", out _))
        {
            Set(at, steps[^1], null);
        }
    }

    private static JsonNode Child(JsonNode parent, object step, Func<JsonNode> make)
    {
        if (Get(parent, step) is { } child and (JsonObject or JsonArray))
        {
            return child;
        }

        child = make();
        Set(parent, step, child);
        return child;
    }

    private static JsonNode? Get(JsonNode parent, object step) => (parent, step) switch
    {
        (JsonObject members, string key) => members[key],
        (JsonArray items, int index) when index < items.Count => items[index],
        _ => null,
    };

    private static void Set(JsonNode parent, object step, JsonNode? value)
    {
        switch (parent, step)
        {
            case (JsonObject members, string key):
                members[key] = value;
                break;
            case (JsonArray items, int index) when index < MaxIndex:
                while (items.Count <= index)
                {
                    items.Add(null);
                }

                items[index] = value;
                break;
        }
    }

    // "$.recipe.steps[0].text" and "$['a b']": names as text, places as numbers.
    private static List<object> Steps(string path, JsonFields piece)
    {
        var steps = new List<object>();
        var rest = path.AsSpan(path.StartsWith('$') ? 1 : 0);
        while (!rest.IsEmpty)
        {
            if (rest[0] == '.')
            {
                rest = rest[1..];
                var end = rest.IndexOfAny('.', '[');
                var key = end < 0 ? rest : rest[..end];
                steps.Add(key.ToString());
                rest = rest[key.Length..];
                continue;
            }

            var close = rest[0] == '[' ? rest.IndexOf(']') : -1;
            if (close < 0)
            {
                throw FieldError.OutOfRange(piece.At("jsonPath"), "a path like $.a.b[0]");
            }

            var inside = rest[1..close];
            steps.Add(int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : inside.Trim("'\"").ToString());
            rest = rest[(close + 1)..];
        }

        return steps;
    }
}
