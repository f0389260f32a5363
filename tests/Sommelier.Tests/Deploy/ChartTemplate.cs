using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Sommelier.Tests.Deploy;

/// <summary>Renders the part of Helm's template language that our chart keeps to, so that what it makes can be read.</summary>
/// <remarks>A word that it does not know fails the test: either the chart or this file has to change.</remarks>
internal sealed partial class ChartTemplate(YamlMappingNode root)
{
    private readonly Dictionary<string, string> defined = new(StringComparer.Ordinal);

    /// <summary>Paths of <c>.Values</c> that templates have read.</summary>
    public HashSet<string> Read { get; } = new(StringComparer.Ordinal);

    /// <summary>What a template makes.</summary>
    public string Render(string template)
    {
        var pieces = Pieces(template);
        var at = 0;
        return Block(pieces, ref at, root, silent: false);
    }

    // Text and actions by turns; a dash at an action's end eats the white space beyond it.
    private static List<(bool Action, string Text)> Pieces(string template)
    {
        var pieces = new List<(bool, string)>();
        var from = 0;
        var eat = false;
        foreach (Match action in Action().Matches(template))
        {
            var text = template[from..action.Index];
            text = eat ? text.TrimStart() : text;
            pieces.Add((false, action.Groups[1].Length > 0 ? text.TrimEnd() : text));
            pieces.Add((true, action.Groups[2].Value.Trim()));
            eat = action.Groups[3].Length > 0;
            from = action.Index + action.Length;
        }

        pieces.Add((false, eat ? template[from..].TrimStart() : template[from..]));
        return pieces;
    }

    private string Block(List<(bool Action, string Text)> pieces, ref int at, YamlNode dot, bool silent)
    {
        var output = new StringBuilder();
        for (; at < pieces.Count; at++)
        {
            var (isAction, text) = pieces[at];
            if (!isAction)
            {
                output.Append(text);
                continue;
            }

            var word = text.Split(' ')[0];
            if (word is "end" or "else")
            {
                break;
            }

            at++;
            switch (word)
            {
                case "define":
                    var from = at;
                    Block(pieces, ref at, dot, silent: true);
                    defined[text["define ".Length..].Trim('"')] = string.Concat(pieces[from..at].Select(piece => piece.Action ? $"{{{{{piece.Text}}}}}" : piece.Text)).Trim();
                    break;
                case "if" or "with":
                    var value = silent ? "" : Evaluate(text[(word.Length + 1)..], dot);
                    var holds = IsTrue(value);
                    var then = Block(pieces, ref at, word is "with" && holds ? (YamlNode)value! : dot, silent || !holds);
                    output.Append(holds ? then : "");
                    if (pieces[at].Text is "else")
                    {
                        at++;
                        var otherwise = Block(pieces, ref at, dot, silent || holds);
                        output.Append(holds ? "" : otherwise);
                    }

                    break;
                default:
                    at--;
                    output.Append(silent ? "" : Text(Evaluate(text, dot)));
                    break;
            }
        }

        return silent ? "" : output.ToString();
    }

    private object? Evaluate(string pipeline, YamlNode dot)
    {
        object? last = null;
        var first = true;
        foreach (var stage in pipeline.Split(" | "))
        {
            var words = Word().Matches(stage).Select(match => match.Value).ToList();
            var arguments = words.Skip(1).Select(word => Value(word, dot)).ToList();
            if (!first)
            {
                arguments.Add(last);
            }

            last = words.Count == 1 && first ? Value(words[0], dot) : Call(words[0], arguments);
            first = false;
        }

        return last;
    }

    private object? Value(string word, YamlNode dot) => word switch
    {
        "." => dot,
        _ when word[0] == '"' => word[1..^1],
        _ when word[0] == '(' => Evaluate(word[1..^1], dot),
        _ when int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ when word[0] == '.' => Find(word),
        _ => Call(word, []),
    };

    private YamlNode Find(string path)
    {
        YamlNode node = root;
        foreach (var name in path[1..].Split('.'))
        {
            node = node is YamlMappingNode map && map.Children.TryGetValue(name, out var inner) ? inner : throw new KeyNotFoundException($"There is no {path} in values.yaml.");
        }

        if (path.StartsWith(".Values.", StringComparison.Ordinal))
        {
            Read.Add(path[".Values.".Length..]);
        }

        return node;
    }

    private object? Call(string function, List<object?> arguments) => (function, arguments) switch
    {
        ("include", [string name, _]) => Render(defined[name]),
        ("toYaml", [YamlNode node]) => Yaml(node),
        ("nindent", [int count, var text]) => "\n" + string.Join('\n', Text(text).Split('\n').Select(line => new string(' ', count) + line)),
        ("quote", [var text]) => $"\"{Text(text)}\"",
        ("default", [var fallback, var value]) => IsTrue(value) ? value : fallback,
        ("trunc", [int length, var text]) => Text(text) is var whole && whole.Length > length ? whole[..length] : whole,
        ("trimSuffix", [string suffix, var text]) => Text(text) is var whole && whole.EndsWith(suffix, StringComparison.Ordinal) ? whole[..^suffix.Length] : whole,
        ("sha256sum", [var text]) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(text)))),
        ("not", [var value]) => IsTrue(value) ? "" : "true",
        ("int", [var value]) => int.Parse(Text(value), CultureInfo.InvariantCulture),
        ("gt", [int left, int right]) => left > right ? "true" : "",
        ("fail", [string message]) => throw new InvalidOperationException(message),
        _ => throw new NotSupportedException($"'{function}' with {arguments.Count} arguments is not rendered here."),
    };

    private static bool IsTrue(object? value) => value switch
    {
        null or "" or YamlScalarNode { Value: "" or "false" or "0" } => false,
        YamlMappingNode map => map.Children.Count > 0,
        YamlSequenceNode list => list.Children.Count > 0,
        _ => true,
    };

    private static string Text(object? value) => value switch
    {
        YamlScalarNode scalar => scalar.Value ?? "",
        YamlNode node => throw new NotSupportedException($"{node.NodeType} without toYaml."),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Yaml(YamlNode node)
    {
        if (node is YamlMappingNode { Children.Count: 0 })
        {
            return "{}";
        }

        // Helm writes blocks, whatever the values were written in.
        foreach (var inner in node.AllNodes)
        {
            if (inner is YamlMappingNode { Children.Count: > 0 } map)
            {
                map.Style = MappingStyle.Block;
            }
            else if (inner is YamlSequenceNode { Children.Count: > 0 } list)
            {
                list.Style = SequenceStyle.Block;
            }
        }

        var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        new YamlStream(new YamlDocument(node)).Save(writer, assignAnchors: false);
        return writer.ToString().Replace("\n...", "", StringComparison.Ordinal).TrimEnd();
    }

    [GeneratedRegex(@"\{\{(-?)(.*?)(-?)\}\}", RegexOptions.Singleline)]
    private static partial Regex Action();

    [GeneratedRegex(@"""[^""]*""|\([^)]*\)|\S+")]
    private static partial Regex Word();
}
