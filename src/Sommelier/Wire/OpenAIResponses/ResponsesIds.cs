using Sommelier.Wire.Json;

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>Ids in the form that this dialect's clients and its vendor know: a prefix that names the kind, at most 64 characters.</summary>
internal static class ResponsesIds
{
    /// <summary>
    /// How ids of thinking begin that we made up. The vendor looks thinking up by its id, so pieces with such an id must
    /// never be sent to it.
    /// </summary>
    public const string OwnThinking = "rs_smlr_";

    private const string Prefix = "resp_";
    private const int LongestKey = 48;
    private const int LongestId = 64;

    /// <summary>The answer's id; another format's gets the prefix.</summary>
    public static string Response(string id) => id.StartsWith(Prefix, StringComparison.Ordinal) ? id : Prefix + id;

    /// <summary>A call's id as the vendor takes it.</summary>
    public static string Call(string id) => id.Length is > 0 and <= LongestId ? id : OpenAIChat.ToolCallIds.For(id, WireQuirks.Default);

    /// <summary>The id of an item of an answer, unlike those of other answers and of the items beside it.</summary>
    /// <param name="prefix">The kind, e.g. <c>msg_</c>.</param>
    /// <param name="responseId">The answer's id.</param>
    /// <param name="index">Which item it is.</param>
    public static string Item(string prefix, string responseId, int index)
    {
        var key = responseId.StartsWith(Prefix, StringComparison.Ordinal) ? responseId[Prefix.Length..] : responseId;
        if (key.Length > LongestKey)
        {
            var hash = default(StableHash);
            hash.Add(System.Text.Encoding.UTF8.GetBytes(key));
            key = hash.Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
        }

        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{key}_{index}");
    }
}
