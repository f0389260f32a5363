using Sommelier.Evals.Graders;

namespace Sommelier.Evals.Scripts;

/// <summary>What a suite says of a script, as a function's body that knows <c>output</c> and <c>context</c>.</summary>
internal static class ScriptBody
{
    private const string FilePrefix = "file://";

    /// <summary>
    /// The body of one script: one line is an expression, or declarations with an expression after the last semicolon; several lines
    /// are a body already; <c>file://script.js</c> is a module that exports a function, <c>file://script.js:name</c> that function of it.
    /// </summary>
    /// <param name="settings">Told of a file that is absent, under <paramref name="name"/>.</param>
    /// <param name="name">The setting that says it.</param>
    /// <param name="script">What it says.</param>
    public static string Of(GraderSettings settings, string name, string script)
    {
        var text = script.Trim();
        if (!text.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            return text.Contains('\n', StringComparison.Ordinal) ? text : Line(text.TrimEnd(';', ' '));
        }

        var (path, function) = Parts(text[FilePrefix.Length..]);
        var file = Path.Combine(settings.Folder, path);
        if (!File.Exists(file))
        {
            settings.Problem(name, $"names {file}, which does not exist", "Name a script relative to the suite's folder");
            return "";
        }

        var exported = function is null ? "typeof module.exports === 'function' ? module.exports : module.exports.default" : $"module.exports[{System.Text.Json.Nodes.JsonValue.Create(function).ToJsonString()}]";
        return $$"""
            const module = { exports: {} }, exports = module.exports;
            {{File.ReadAllText(file)}}
            ;return ({{exported}})(output, context);
            """;
    }

    /// <summary>A file's path and the function that is meant, null for the one that it exports.</summary>
    public static (string Path, string? Function) Parts(string reference)
    {
        var colon = reference.LastIndexOf(':');
        return colon > 1 ? (reference[..colon], reference[(colon + 1)..]) : (reference, null);
    }

    private static string Line(string text)
    {
        if (!(text.StartsWith("const ", StringComparison.Ordinal) || text.StartsWith("let ", StringComparison.Ordinal) || text.StartsWith("var ", StringComparison.Ordinal)))
        {
            return $"return (\n{text}\n);";
        }

        var last = LastSemicolon(text);
        return last < 0 ? text : $"{text[..(last + 1)]} return (\n{text[(last + 1)..]}\n);";
    }

    // The last one that stands in no text.
    private static int LastSemicolon(string text)
    {
        var last = -1;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                i++;
            }
            else if (quote != '\0')
            {
                quote = text[i] == quote ? '\0' : quote;
            }
            else if (text[i] is '"' or '\'' or '`')
            {
                quote = text[i];
            }
            else if (text[i] == ';')
            {
                last = i;
            }
        }

        return last;
    }
}
