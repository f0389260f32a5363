using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sommelier.Configuration.Yaml;

/// <summary>Reads a YAML text into a tree that knows lines and columns, within limits of size, depth and number of nodes.</summary>
/// <remarks>
/// After a syntax error it returns what stands before the error, so that the other mistakes are told in the same run.
/// YamlDotNet's object mapping is not used: it needs reflection, and it stops at the first mistake.
/// </remarks>
internal sealed class YamlTreeReader
{
    internal const int MaxCharacters = 1_000_000;
    internal const int MaxNodes = 50_000;
    internal const int MaxDepth = 32;

    private readonly string file;
    private readonly Parser parser;
    private readonly List<ConfigProblem> problems;
    private readonly Dictionary<string, (YamlTree Tree, int Nodes)> anchors = new(StringComparer.Ordinal);
    private YamlTree? root;
    private int nodes;

    private YamlTreeReader(string text, string file, List<ConfigProblem> problems)
    {
        this.file = file;
        this.problems = problems;
        parser = new Parser(new StringReader(text));
    }

    /// <summary>The tree, or null for an empty document; <paramref name="complete"/> is false when a syntax error cut it short.</summary>
    public static YamlTree? Read(string text, string file, List<ConfigProblem> problems, out bool complete)
    {
        if (text.Length > MaxCharacters)
        {
            problems.Add(new(new(file, 0, 0), "", $"the file has {text.Length:N0} characters; the limit is {MaxCharacters:N0}", "Make it shorter"));
            complete = false;
            return null;
        }

        var before = problems.Count;
        text = TabIndentation.Replace(text, file, problems);
        var hadTabs = problems.Count > before;
        var reader = new YamlTreeReader(text, file, problems);
        try
        {
            reader.ReadDocument();
            complete = true;
        }
        catch (YamlException exception) when (hadTabs)
        {
            // The tabs have been named; what they did to the structure is not worth a second problem.
            _ = exception;
            complete = false;
        }
        catch (YamlException exception)
        {
            problems.Add(new(reader.At(exception.Start), "", $"this is not valid YAML: {Plain(exception)}", "Check indentation, quotes and brackets here and just above"));
            complete = false;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException)
        {
            // The library's scanner fails this way on some broken flow collections, with no place of its own.
            problems.Add(new(reader.At(reader.parser.Current?.End ?? Mark.Empty), "", "this is not valid YAML", "Check indentation, quotes and brackets here and just below"));
            complete = false;
        }
        catch (LimitException exception)
        {
            problems.Add(new(reader.At(exception.Mark), "", exception.Message, exception.Remedy));
            complete = false;
        }

        return reader.root;
    }

    private void ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            return;
        }

        parser.Consume<DocumentStart>();
        ReadNode(1, tree => root = tree);
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
        {
            problems.Add(new(At(second.Start), "", "a second document begins here", "Keep one document; remove everything from '---' on"));
        }
    }

    private void ReadNode(int depth, Action<YamlTree> attach)
    {
        if (depth > MaxDepth)
        {
            throw new LimitException(parser.Current!.Start, $"the nesting is deeper than {MaxDepth} levels", "Make it flatter");
        }

        Count(1);
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            if (!anchors.TryGetValue(alias.Value.Value, out var anchored))
            {
                throw new LimitException(alias.Start, $"the alias '*{alias.Value}' has no anchor that ends before it", "Write the value out");
            }

            // An alias counts for all that it stands for, or nested aliases would multiply behind the limit's back.
            Count(anchored.Nodes);
            attach(anchored.Tree);
            return;
        }

        var first = nodes;
        YamlTree tree;
        AnchorName anchor;
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            anchor = scalar.Anchor;
            tree = new YamlScalar(At(scalar.Start), scalar.Value, scalar.Style == ScalarStyle.Plain);
            attach(tree);
        }
        else if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            anchor = sequence.Anchor;
            var list = new YamlList(At(sequence.Start));
            tree = list;
            attach(tree);
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                ReadNode(depth + 1, list.Items.Add);
            }
        }
        else
        {
            var start = parser.Consume<MappingStart>();
            anchor = start.Anchor;

            // A pair in a list without braces, [a: b], begins nowhere of its own: it stands where its key does.
            var map = new YamlMap(At(start.Start.Index == 0 && depth > 1 ? parser.Current!.Start : start.Start));
            tree = map;
            attach(tree);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                ReadEntry(map, depth);
            }
        }

        if (!anchor.IsEmpty)
        {
            anchors[anchor.Value] = (tree, nodes - first + 1);
        }
    }

    private void ReadEntry(YamlMap map, int depth)
    {
        var start = parser.Current!.Start;
        if (!parser.TryConsume<Scalar>(out var key))
        {
            throw new LimitException(start, "a key is a list or a mapping", "Use a plain word as the key");
        }

        Count(1);
        var position = At(key.Start);
        var entry = new YamlEntry(position, key.Value, new YamlScalar(position, "", isPlain: true));
        map.Entries.Add(entry);
        ReadNode(depth + 1, tree => entry.Value = tree);
    }

    private void Count(int more)
    {
        nodes += more;
        if (nodes > MaxNodes)
        {
            throw new LimitException(parser.Current!.Start, $"the file stands for more than {MaxNodes:N0} values, aliases counted with what they repeat", "Use fewer values or aliases");
        }
    }

    private ConfigPosition At(Mark mark) => new(file, (int)mark.Line, (int)mark.Column);

    // The library's messages begin with a position of their own and may end with a full stop.
    private static string Plain(YamlException exception)
    {
        var text = exception.Message;
        var colon = text.IndexOf("): ", StringComparison.Ordinal);
        text = (colon >= 0 ? text[(colon + 3)..] : text).Trim().TrimEnd('.');
        return text.Length == 0 ? "unexpected content" : char.ToLowerInvariant(text[0]) + text[1..];
    }

    private sealed class LimitException(Mark mark, string message, string remedy) : Exception(message)
    {
        public Mark Mark { get; } = mark;

        public string Remedy { get; } = remedy;
    }
}
