using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Ledger;

namespace Sommelier.Server.Edge.Admin;

/// <summary>How every list under <c>/admin</c> is asked for: <c>limit</c> and <c>after</c>, beside filters of its own.</summary>
internal static class AdminPage
{
    /// <summary>The page that a caller asks for.</summary>
    /// <param name="context">The call.</param>
    /// <param name="filters">The other parameters that this list knows.</param>
    /// <exception cref="GatewayException">A parameter is not known, given twice, or <c>limit</c> is no number from 1 to 1000.</exception>
    public static PageAsk Read(HttpContext context, params ReadOnlySpan<string> filters)
    {
        // A filter that is misspelt would let everything through. 'key' may be the administrator's, as of any caller.
        foreach (var (name, values) in context.Request.Query)
        {
            if (name is not ("limit" or "after" or "key") && !filters.Contains(name))
            {
                throw Wrong(Short(name), $"There is no parameter '{Short(name)}' here. There are: {string.Join(", ", ["limit", "after", .. filters])}.");
            }

            if (values.Count > 1)
            {
                throw Wrong(name, $"{name} is there twice. Send it once.");
            }
        }

        var limit = PageAsk.Usual;
        if (context.Request.Query["limit"] is [{ } text] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > PageAsk.Largest))
        {
            throw Wrong("limit", $"limit must be a whole number from 1 to {PageAsk.Largest}; without it a page has {PageAsk.Usual}.");
        }

        return new(limit, context.Request.Query["after"] is [{ Length: > 0 } after] ? after : null);
    }

    /// <summary>The page of a list that goes by ids which grow with time.</summary>
    /// <inheritdoc cref="Read"/>
    public static PageAsk ReadById(HttpContext context, params ReadOnlySpan<string> filters) =>
        Read(context, filters) is var ask && (ask.After is null || RequestId.IsValid(ask.After)) ? ask : throw NoPage();

    /// <summary>Refuses an <c>after</c> that no page of the list has told.</summary>
    public static GatewayException NoPage() => Wrong("after", "after must be the next_after of an earlier page of this list. Leave it out to begin anew.");

    /// <summary>Sends a page.</summary>
    public static async Task SendAsync<T>(HttpContext context, Page<T> page, Action<Utf8JsonWriter, T> item)
    {
        await using var json = AdminEndpoints.Begin(context, StatusCodes.Status200OK);
        json.WriteStartObject();
        page.Members(json, item);
        json.WriteEndObject();
    }

    private static string Short(string name) => name.Length <= 60 ? name : name[..60];

    private static GatewayException Wrong(string field, string message) => new(GatewayError.Invalid(field, message));
}
