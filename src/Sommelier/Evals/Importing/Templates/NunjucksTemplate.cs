using System.Text;
using System.Text.Json.Nodes;

namespace Sommelier.Evals.Importing.Templates;

/// <summary>
/// Renders the part of Nunjucks that prompts are written in: <c>{{ expression }}</c>, <c>if</c>, <c>for</c>, <c>set</c>, <c>raw</c>,
/// comments, and the dashes that take white space away.
/// </summary>
internal sealed class NunjucksTemplate
{
    // A configuration may come from anywhere: none makes the importer hang or fall.
    private const int MostLetters = 1_000_000;
    private const int MostSteps = 1_000_000;
    private const int DeepestBlock = 64;

    private readonly List<Piece> pieces;
    private readonly Dictionary<string, JsonNode?> names;
    private readonly StringBuilder result = new();
    private int steps;
    private int depth;

    private NunjucksTemplate(List<Piece> pieces, IReadOnlyDictionary<string, JsonNode?> names)
    {
        this.pieces = pieces;
        this.names = new(names, StringComparer.Ordinal);
    }

    private enum PieceKind
    {
        Text,
        Value,
        Tag,
    }

    /// <summary>The text with its templates filled in.</summary>
    /// <exception cref="TemplateException">It says something that is not known here.</exception>
    public static string Render(string text, IReadOnlyDictionary<string, JsonNode?> names)
    {
        if (!text.Contains('{', StringComparison.Ordinal))
        {
            return text;
        }

        var template = new NunjucksTemplate(Cut(text), names);
        var end = template.Write(0, active: true);
        return end < template.pieces.Count ? throw new TemplateException($"'{template.pieces[end].Text}' ends what was not begun") : template.result.ToString();
    }

    private static List<Piece> Cut(string text)
    {
        var pieces = new List<Piece>();
        var from = 0;
        var trim = false;
        while (from < text.Length)
        {
            var open = Open(text, from);
            var plain = text[from..(open < 0 ? text.Length : open)];
            if (trim)
            {
                plain = plain.TrimStart();
            }

            if (open < 0)
            {
                pieces.Add(new(PieceKind.Text, plain));
                break;
            }

            var close = text[open + 1] switch { '{' => "}}", '%' => "%}", _ => "#}" };
            var end = text.IndexOf(close, open + 2, StringComparison.Ordinal);
            if (end < 0)
            {
                // As promptfoo does with a text that only looks like a template.
                pieces.Add(new(PieceKind.Text, plain + text[open..]));
                break;
            }

            var inner = text[(open + 2)..end];
            pieces.Add(new(PieceKind.Text, inner.StartsWith('-') ? plain.TrimEnd() : plain));
            trim = inner.EndsWith('-');
            inner = inner.Trim('-').Trim();
            from = end + 2;
            if (close is "%}" && inner is "raw")
            {
                var until = text.IndexOf("{% endraw", from, StringComparison.Ordinal);
                pieces.Add(new(PieceKind.Text, text[from..(until < 0 ? text.Length : until)]));
                var after = until < 0 ? -1 : text.IndexOf("%}", until, StringComparison.Ordinal);
                from = after < 0 ? text.Length : after + 2;
            }
            else if (close is not "#}")
            {
                pieces.Add(new(close is "}}" ? PieceKind.Value : PieceKind.Tag, inner));
            }
        }

        return pieces;
    }

    private static int Open(string text, int from)
    {
        for (var at = text.IndexOf('{', from); at >= 0 && at + 1 < text.Length; at = text.IndexOf('{', at + 1))
        {
            if (text[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    // Writes up to a tag that ends or divides the block, and gives that tag's place.
    private int Write(int at, bool active)
    {
        if (++depth > DeepestBlock)
        {
            throw new TemplateException($"blocks are nested deeper than {DeepestBlock}");
        }

        while (at < pieces.Count)
        {
            if (++steps > MostSteps)
            {
                throw new TemplateException($"rendering takes more than {MostSteps} steps");
            }

            var piece = pieces[at];
            if (piece.Kind == PieceKind.Tag)
            {
                var word = piece.Text.Split(' ', 2)[0];
                switch (word)
                {
                    case "if":
                        at = WriteIf(at, active);
                        break;
                    case "for":
                        at = WriteFor(at, active);
                        break;
                    case "set" when piece.Text.Split('=', 2) is [var left, var right]:
                        if (active)
                        {
                            names[left["set".Length..].Trim()] = TemplateExpression.Value(right, names)?.DeepClone();
                        }

                        at++;
                        break;
                    case "elif" or "elseif" or "else" or "endif" or "endfor":
                        depth--;
                        return at;
                    default:
                        throw new TemplateException($"'{{% {word} %}}' is not known here");
                }

                continue;
            }

            if (active)
            {
                result.Append(piece.Kind == PieceKind.Text ? piece.Text : TemplateExpression.Printed(TemplateExpression.Value(piece.Text, names)));
                if (result.Length > MostLetters)
                {
                    throw new TemplateException($"the text grows beyond {MostLetters} letters");
                }
            }

            at++;
        }

        depth--;
        return at;
    }

    private int WriteIf(int at, bool active)
    {
        var done = false;
        while (true)
        {
            var tag = pieces[at].Text;
            var holds = active && !done && (tag is "else" || TemplateExpression.IsTrue(TemplateExpression.Value(tag.Split(' ', 2) is [_, var condition] ? condition : "", names)));
            done |= holds;
            at = Write(at + 1, holds);
            if (at >= pieces.Count)
            {
                throw new TemplateException("an 'if' has no 'endif'");
            }

            if (pieces[at].Text is "endif")
            {
                return at + 1;
            }

            if (pieces[at].Text is "endfor")
            {
                throw new TemplateException("'endfor' ends an 'if'");
            }
        }
    }

    private int WriteFor(int at, bool active)
    {
        if (pieces[at].Text["for".Length..].Split(" in ", 2) is not [var name, var over] || name.Contains(',', StringComparison.Ordinal))
        {
            throw new TemplateException($"'{pieces[at].Text}' is not 'for name in list'");
        }

        var items = active ? JsonTexts.List(TemplateExpression.Value(over, names)) : [];
        var end = at;
        for (var i = 0; i < Math.Max(1, items.Count); i++)
        {
            var runs = i < items.Count;
            if (runs)
            {
                names[name.Trim()] = items[i];
                names["loop"] = new JsonObject { ["index"] = i + 1, ["index0"] = i, ["first"] = i == 0, ["last"] = i == items.Count - 1, ["length"] = items.Count };
            }

            end = Write(at + 1, runs);
        }

        return end < pieces.Count && pieces[end].Text is "endfor" ? end + 1 : throw new TemplateException("a 'for' has no 'endfor'");
    }

    private readonly record struct Piece(PieceKind Kind, string Text);
}
