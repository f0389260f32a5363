using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.Gemini;

/// <summary>Field names in both spellings that Google's API reads: <c>systemInstruction</c> and <c>system_instruction</c>.</summary>
internal static class GeminiNames
{
    /// <summary>A field of an object in either spelling, null counting as absent.</summary>
    public static bool TryGet(this JsonFields fields, string camel, out JsonElement value, out string name)
    {
        name = camel;
        if (fields.TryGet(camel, out value))
        {
            return true;
        }

        name = Snake(camel);
        return !ReferenceEquals(name, camel) && fields.TryGet(name, out value);
    }

    /// <summary>The spelling of a field that an object uses; the camelCase one when it has neither.</summary>
    public static string Used(this JsonFields fields, string camel) => fields.TryGet(camel, out _, out var name) ? name : camel;

    /// <summary>Names in both spellings, for lists of what is known.</summary>
    public static string[] Both(params ReadOnlySpan<string> camel)
    {
        var names = new List<string>(camel.Length * 2);
        foreach (var name in camel)
        {
            names.Add(name);
            if (Snake(name) is var snake && !ReferenceEquals(snake, name))
            {
                names.Add(snake);
            }
        }

        return [.. names];
    }

    private static readonly FrozenDictionary<string, string> Snakes = ((string[])
    [
        "systemInstruction", "generationConfig", "toolConfig", "safetySettings", "cachedContent", "functionDeclarations", "parametersJsonSchema",
        "functionCallingConfig", "allowedFunctionNames", "inlineData", "fileData", "mimeType", "fileUri", "displayName", "functionCall", "functionResponse",
        "thoughtSignature", "topP", "topK", "maxOutputTokens", "stopSequences", "candidateCount", "presencePenalty", "frequencyPenalty", "responseMimeType",
        "responseSchema", "responseJsonSchema", "responseLogprobs", "thinkingConfig", "thinkingBudget", "thinkingLevel", "includeThoughts", "executableCode",
        "codeExecutionResult", "generateContentRequest", "taskType", "outputDimensionality",
    ]).ToFrozenDictionary(name => name, Convert, StringComparer.Ordinal);

    private static string Snake(string camel) => Snakes.TryGetValue(camel, out var snake) ? snake : camel;

    private static string Convert(string camel)
    {
        var snake = new StringBuilder(camel.Length + 4);
        foreach (var letter in camel)
        {
            if (char.IsAsciiLetterUpper(letter))
            {
                snake.Append('_').Append(char.ToLowerInvariant(letter));
            }
            else
            {
                snake.Append(letter);
            }
        }

        return snake.ToString();
    }
}
