using System.Text.Json.Nodes;
using System.Xml;
using Sommelier.Evals.Markup;

namespace Sommelier.Evals.Graders;

/// <summary>The answer is XML, or holds some.</summary>
internal static class XmlGrader
{
    private const string Value = "paths of required elements, or nothing";

    /// <summary><c>is-xml</c>.</summary>
    public static GraderKind Whole { get; } = new(
        "is-xml",
        Value,
        "The answer is a well-formed XML document without declarations of its own, and has the elements: a list of paths from the root on, or one text with commas.",
        static settings =>
        {
            var required = Required(settings);
            return new FunctionGrader(answer => Mistake(answer.Text) is { } mistake ? Grade.Fail(mistake) : Has(XmlTree.Of(answer.Text), required));
        })
    {
        Example = "{ type: is-xml, value: [order.id, order.total] }",
    };

    /// <summary><c>contains-xml</c>.</summary>
    public static GraderKind Within { get; } = new(
        "contains-xml",
        Value,
        "Somewhere in the answer stand elements whose tags match, one piece of it with the required ones.",
        static settings =>
        {
            var required = Required(settings);
            return new FunctionGrader(answer => XmlPieces.Of(answer.Text) is { Count: > 0 } pieces
                ? pieces.Select(piece => Has(XmlTree.Of(piece), required)).FirstOrDefault(static grade => grade.State == GradeState.Passed) ?? Has(XmlTree.Of(pieces[0]), required)
                : Grade.Fail("there is no XML in the answer"));
        })
    {
        Example = "{ type: contains-xml, value: 'order.id, order.total' }",
    };

    private static IReadOnlyList<string> Required(GraderSettings settings)
    {
        switch (settings.Json("value"))
        {
            case null or JsonObject { Count: 0 } or JsonArray { Count: 0 }:
                return [];
            case JsonObject { Count: 1 } named when named["requiredElements"] is JsonArray:
                return settings.Within(named, "value").Texts("requiredElements");
            case JsonArray:
                return settings.Texts("value");
            case JsonValue:
                return settings.Text("value").Split(',', StringSplitOptions.TrimEntries);
            default:
                settings.Problem("value", "is not a list of paths", "Write [root.element, root.other]");
                return [];
        }
    }

    private static Grade Has(XmlTree tree, IReadOnlyList<string> required) =>
        required.Where(path => !tree.Has(path)).ToList() is { Count: > 0 } missing ? Grade.Fail($"there is no {string.Join(", ", missing)}") : Grade.Pass;

    // What a document declares for itself is not looked at: entities could grow without end.
    private static string? Mistake(string text)
    {
        if (XmlTag.In(text).FirstOrDefault(tag => text.AsSpan(tag.Start).StartsWith("<!DOCTYPE")) is { End: > 0 } type && text.AsSpan(type.Start, type.End - type.Start).Contains('['))
        {
            return "the document declares entities or elements of its own";
        }

        try
        {
            using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null });
            while (reader.Read())
            {
            }

            return null;
        }
        catch (XmlException mistake)
        {
            // It names every element that is open, which may be all of the answer.
            return $"the answer is not XML: {(mistake.Message.Length > 200 ? $"{mistake.Message.AsSpan(0, 200)}…" : mistake.Message)}";
        }
    }
}
