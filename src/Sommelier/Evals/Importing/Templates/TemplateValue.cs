using System.Text;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Templates;

/// <summary>Values that templates make, within bounds: a text that is joined to itself thirty times has a billion letters.</summary>
internal static class TemplateValue
{
    private const int MostLetters = 1_000_000;
    private const int MostItems = 100_000;
    private const int Deepest = 32;

    /// <summary>A number.</summary>
    /// <exception cref="TemplateException">It is none.</exception>
    public static JsonNode Of(double number) => double.IsFinite(number) ? JsonValue.Create(number) : throw new TemplateException("a number is too large");

    /// <summary>Two texts as one.</summary>
    /// <exception cref="TemplateException">It is too long.</exception>
    public static JsonNode Joined(string left, string right) => (long)left.Length + right.Length > MostLetters ? throw TooLong() : JsonValue.Create(left + right);

    /// <summary>Texts with another between them.</summary>
    /// <exception cref="TemplateException">It is too long.</exception>
    public static JsonNode Joined(string between, IReadOnlyList<string> texts)
    {
        var result = new StringBuilder();
        for (var i = 0; i < texts.Count; i++)
        {
            result.Append(i == 0 ? "" : between).Append(texts[i]);
            if (result.Length > MostLetters)
            {
                throw TooLong();
            }
        }

        return JsonValue.Create(result.ToString());
    }

    /// <summary>What values print, with a text between them.</summary>
    /// <exception cref="TemplateException">It is too long.</exception>
    public static JsonNode Joined(string between, IReadOnlyList<JsonNode?> values) => Joined(between, [.. values.Select(TemplateExpression.Printed)]);

    /// <summary>Values as a list.</summary>
    /// <exception cref="TemplateException">It holds too much.</exception>
    public static JsonNode ListOf(IReadOnlyList<JsonNode?> items)
    {
        var (left, letters) = (MostItems, MostLetters);
        foreach (var item in items)
        {
            Weigh(item, Deepest, ref left, ref letters);
        }

        return new JsonArray([.. items.Select(static item => item?.DeepClone())]);
    }

    private static void Weigh(JsonNode? value, int depth, ref int items, ref int letters)
    {
        letters -= value is JsonValue text ? TemplateExpression.Printed(text).Length : 0;
        if (--items < 0 || depth < 0 || letters < 0)
        {
            throw new TemplateException($"a list holds more than {MostItems} values, {MostLetters} letters or {Deepest} levels");
        }

        switch (value)
        {
            case JsonArray list:
                foreach (var item in list)
                {
                    Weigh(item, depth - 1, ref items, ref letters);
                }

                break;
            case JsonObject map:
                foreach (var (_, item) in map)
                {
                    Weigh(item, depth - 1, ref items, ref letters);
                }

                break;
        }
    }

    private static TemplateException TooLong() => new($"the text grows beyond {MostLetters} letters");
}
