using System.Globalization;
using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Ledger;

namespace Sommelier.Server.Edge.Admin;

/// <summary><c>GET /admin/ledger</c>, <c>/admin/ledger/{id}</c> and <c>/admin/ledger/{id}/bodies</c>: what happened to requests, for viewers.</summary>
/// <remarks>
/// Newest first. <c>from</c> and <c>to</c> are times, <c>key</c>, <c>team</c> and <c>organisation</c> ids.
/// </remarks>
internal sealed class LedgerEndpoint(GatewayHost gateway)
{
    /// <summary>Sends a page.</summary>
    public async Task ListAsync(HttpContext context, Administrator admin)
    {
        admin.Require(KeyRole.Viewer);
        var ask = AdminPage.ReadById(context, "from", "to", "key", "team", "organisation");
        var filter = new LedgerFilter
        {
            From = Time(context, "from"),
            To = Time(context, "to"),
            CallerKeyId = Text(context, "key"),
            TeamId = Text(context, "team"),
            OrganisationId = Text(context, "organisation"),
            Behind = ask.After,
            Limit = ask.Reach,
        };
        var page = await gateway.Ledger.GetPageAsync(filter, context.RequestAborted);
        await AdminPage.SendAsync(context, ask.Of(page, static entry => entry.RequestId), EntryJson.Write);
    }

    /// <summary>Sends one entry, or 404.</summary>
    public async Task GetAsync(HttpContext context, Administrator admin, string id)
    {
        admin.Require(KeyRole.Viewer);
        var entry = await gateway.Ledger.GetAsync(id, context.RequestAborted) ?? throw Missing(id);
        await using var json = AdminEndpoints.Begin(context, StatusCodes.Status200OK);
        EntryJson.Write(json, entry);
    }

    /// <summary>Sends what is stored of a request's bodies, or 404.</summary>
    public async Task BodiesAsync(HttpContext context, Administrator admin, string id)
    {
        admin.Require(KeyRole.Viewer);
        var bodies = await gateway.Bodies.GetAsync(id, context.RequestAborted) ?? throw new GatewayException(new(
            GatewayErrorKind.ModelNotFound,
            $"No bodies of request '{id}' are stored. They are where ledger.bodies.store says so and the key has not no_bodies, until ledger.bodies.retention is over.",
            StatusCodes.Status404NotFound,
            "id",
            "bodies_not_found"));
        await using var json = AdminEndpoints.Begin(context, StatusCodes.Status200OK);
        json.WriteStartObject();
        json.WriteString("id", id);
        Body(json, "request", bodies.Request);
        json.WriteBoolean("request_cut", bodies.RequestCut);
        Body(json, "reply", bodies.Reply);
        json.WriteBoolean("reply_cut", bodies.ReplyCut);
        json.WriteEndObject();
    }

    // JSON as it is; anything else as a text.
    private static void Body(Utf8JsonWriter json, string name, ReadOnlyMemory<byte>? body)
    {
        json.WritePropertyName(name);
        if (body is not { } bytes)
        {
            json.WriteNullValue();
            return;
        }

        try
        {
            using var parsed = JsonDocument.Parse(bytes, new() { MaxDepth = 256 });
            parsed.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(bytes.Span);
        }
    }

    private static GatewayException Missing(string id) => new(new(
        GatewayErrorKind.ModelNotFound,
        $"There is no request '{id}' in the ledger. Ids are the values of x-sommelier-request-id; entries older than ledger.retention are deleted.",
        StatusCodes.Status404NotFound,
        "id",
        "entry_not_found"));

    private static string? Text(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } text] ? text : null;

    private static DateTimeOffset? Time(HttpContext context, string name)
    {
        if (Text(context, name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new GatewayException(GatewayError.Invalid(name, $"{name} must be a time like 2026-11-30 or 2026-11-30T12:00:00Z."));
    }
}
