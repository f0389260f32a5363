using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary>A page of the list of models, as Anthropic's and Google's clients ask for one.</summary>
/// <param name="First">Where it begins in the list.</param>
/// <param name="Count">How many names are on it.</param>
/// <param name="HasMore">Whether there are more in the direction that was asked for.</param>
internal readonly record struct ModelPage(int First, int Count, bool HasMore)
{
    private const int Largest = 1000;
    private const int AnthropicUsual = 20;
    private const int GoogleUsual = 50;

    /// <summary>Anthropic's: <c>limit</c> (1 to 1000, default 20) after <c>after_id</c> or before <c>before_id</c>.</summary>
    /// <exception cref="GatewayException">A parameter is wrong.</exception>
    public static ModelPage OfAnthropic(IQueryCollection query, IReadOnlyList<ServedName> names)
    {
        var limit = AnthropicUsual;
        if (query["limit"] is [{ } text] && (!TryCount(text, out limit) || limit is < 1 or > Largest))
        {
            throw Wrong("limit", $"limit must be a whole number from 1 to {Largest}.");
        }

        if (query["before_id"] is [{ } before])
        {
            var end = IndexOf(names, before);
            var start = Math.Max(0, end - limit);
            return end < 0 ? throw Wrong("before_id", "before_id names no model of this list.") : new(start, end - start, start > 0);
        }

        var first = 0;
        if (query["after_id"] is [{ } after])
        {
            first = IndexOf(names, after) + 1;
            if (first == 0)
            {
                throw Wrong("after_id", "after_id names no model of this list.");
            }
        }

        return From(first, limit, names);
    }

    /// <summary>Google's: <c>pageSize</c> (default 50, never more than 1000) from <c>pageToken</c> on.</summary>
    /// <remarks>Source: https://ai.google.dev/api/models#method:-models.list.</remarks>
    /// <exception cref="GatewayException">A parameter is wrong.</exception>
    public static ModelPage OfGoogle(IQueryCollection query, IReadOnlyList<ServedName> names)
    {
        var size = GoogleUsual;
        if (query["pageSize"] is [{ Length: > 0 } text] && !TryCount(text, out size))
        {
            throw Wrong("pageSize", $"pageSize must be a whole number; at most {Largest} models come in a page.");
        }

        var first = 0;
        if (query["pageToken"] is [{ Length: > 0 } token])
        {
            first = LastOf(token) is { } last ? IndexOf(names, last) + 1 : 0;
            if (first == 0)
            {
                throw Wrong("pageToken", "pageToken is not the nextPageToken of an earlier page of this list. Leave it out to begin anew.");
            }
        }

        return From(first, size == 0 ? GoogleUsual : Math.Min(size, Largest), names);
    }

    /// <summary>What Google's clients send as <c>pageToken</c> for the page after this one; null when there is none. It stays good when models come or go.</summary>
    public string? NextToken(IReadOnlyList<ServedName> names) => HasMore && Count > 0 ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(names[First + Count - 1].Id)) : null;

    private static ModelPage From(int first, int limit, IReadOnlyList<ServedName> names)
    {
        var count = Math.Min(limit, names.Count - first);
        return new(first, count, first + count < names.Count);
    }

    private static string? LastOf(string token) => Base64Url.IsValid(token) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)) : null;

    private static bool TryCount(string text, out int count) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);

    private static GatewayException Wrong(string field, string message) => new(GatewayError.Invalid(field, message));

    private static int IndexOf(IReadOnlyList<ServedName> names, string id)
    {
        for (var at = 0; at < names.Count; at++)
        {
            if (string.Equals(names[at].Id, id, StringComparison.Ordinal))
            {
                return at;
            }
        }

        return -1;
    }
}
