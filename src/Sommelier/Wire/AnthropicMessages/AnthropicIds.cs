namespace Sommelier.Wire.AnthropicMessages;

/// <summary>Ids in the form that this vendor gives and accepts.</summary>
internal static class AnthropicIds
{
    /// <summary>An answer's id, which begins with <c>msg_</c>.</summary>
    public static string Message(string id) => id.StartsWith("msg_", StringComparison.Ordinal) ? id : $"msg_{id}";

    /// <summary>A tool call's id with nothing but the letters that the vendor accepts: <c>[a-zA-Z0-9_-]</c>.</summary>
    public static string ToolCall(string id)
    {
        var isFit = id.Length > 0;
        foreach (var letter in id)
        {
            isFit &= char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';
        }

        return isFit ? id : string.Create(Math.Max(1, id.Length), id, static (target, source) =>
        {
            target.Fill('_');
            for (var i = 0; i < source.Length; i++)
            {
                if (char.IsAsciiLetterOrDigit(source[i]) || source[i] is '-')
                {
                    target[i] = source[i];
                }
            }
        });
    }
}
