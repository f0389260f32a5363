using System.Text;

namespace Sommelier.Configuration.Reading;

/// <summary>Puts environment variables into values: <c>${NAME}</c>, <c>${NAME:-default}</c>; <c>$${</c> is a plain <c>${</c>.</summary>
/// <remarks>Happens in values after the file was parsed, so a variable cannot add keys or break the syntax.</remarks>
internal static class VariableExpansion
{
    /// <summary>The expanded text; null when something is wrong, which <paramref name="complain"/> was told.</summary>
    public static string? Expand(string text, Func<string, string?> environment, Action<string, string> complain)
    {
        var at = text.IndexOf("${", StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var from = 0;
        var valid = true;
        while (at >= 0)
        {
            if (at > from && text[at - 1] == '$')
            {
                result.Append(text, from, at - 1 - from).Append("${");
                from = at + 2;
            }
            else
            {
                var end = text.IndexOf('}', at);
                if (end < 0)
                {
                    complain("a '${' is never closed", "Close it with '}', or write '$${' for a plain '${'");
                    return null;
                }

                result.Append(text, from, at - from);
                valid &= Append(result, text[(at + 2)..end], environment, complain);
                from = end + 1;
            }

            at = text.IndexOf("${", from, StringComparison.Ordinal);
        }

        return valid ? result.Append(text, from, text.Length - from).ToString() : null;
    }

    private static bool Append(StringBuilder result, string inside, Func<string, string?> environment, Action<string, string> complain)
    {
        var colon = inside.IndexOf(":-", StringComparison.Ordinal);
        var name = colon < 0 ? inside : inside[..colon];
        if (name.Length == 0 || char.IsAsciiDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
        {
            complain("a '${…}' does not hold the name of an environment variable", "Write ${NAME} or ${NAME:-default}; names have letters, digits and '_'");
            return false;
        }

        // An empty variable counts as unset, as in every shell's ":-".
        var value = environment(name);
        if (!string.IsNullOrEmpty(value))
        {
            result.Append(value);
            return true;
        }

        if (colon >= 0)
        {
            result.Append(inside, colon + 2, inside.Length - colon - 2);
            return true;
        }

        complain($"the environment variable {name} is not set", $"Set it, or write ${{{name}:-default}}");
        return false;
    }
}
