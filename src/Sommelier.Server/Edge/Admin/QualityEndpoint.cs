using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Quality;

namespace Sommelier.Server.Edge.Admin;

/// <summary><c>/admin/quality</c>: what is believed of models, from which evidence, and since which version.</summary>
/// <remarks>
/// <code>
/// GET  /admin/quality?model=&amp;intent=      the table in force; with neither, what has own evidence
/// GET  /admin/quality/versions            all versions, newest first
/// GET  /admin/quality/diff?from=&amp;to=      what differs; by default between the version in force and the one before it
/// GET  /admin/quality/feedback            what callers said
/// POST /admin/quality/publish             publishes the feedback that waits: { "shadow": true, "reason": "…" }
/// POST /admin/quality/rollback            puts a version in force again: { "version": 6 }
/// </code>
/// </remarks>
internal sealed class QualityEndpoint(GatewayHost gateway)
{
    private const int LongestReason = 200;

    /// <summary>What is called with which method; null for no such path.</summary>
    public static string? MethodOf(ReadOnlySpan<string> path) => path switch
    {
        [] or ["versions"] or ["diff"] or ["feedback"] => HttpMethods.Get,
        ["publish"] or ["rollback"] => HttpMethods.Post,
        _ => null,
    };

    /// <summary>Serves a path that <see cref="MethodOf"/> knows.</summary>
    public async Task ServeAsync(HttpContext context, Administrator admin, string[] path)
    {
        try
        {
            await (path switch
            {
                [] => TableAsync(context, admin),
                ["versions"] => VersionsAsync(context, admin),
                ["diff"] => DiffAsync(context, admin),
                ["feedback"] => FeedbackAsync(context, admin),
                ["publish"] => PublishAsync(context, admin),
                _ => RollBackAsync(context, admin),
            });
        }
        catch (QualityException wrong)
        {
            throw new GatewayException(wrong.IsMissing
                ? new(GatewayErrorKind.ModelNotFound, wrong.Message, StatusCodes.Status404NotFound, wrong.Field, "version_not_found")
                : GatewayError.Invalid(wrong.Field, wrong.Message));
        }
    }

    private async Task TableAsync(HttpContext context, Administrator admin)
    {
        admin.Require(KeyRole.Viewer);
        var ask = AdminPage.Read(context, "model", "intent");
        Intent? intent = Query(context, "intent") is not { } name ? null : Intents.TryParse(name, out var known) ? known : throw NoIntent(name);
        var live = gateway.Quality.Book.Live;
        var rows = ask.Cut(QualityRow.Of(gateway.Configured.Catalog, live, Query(context, "model"), intent), static row => Cell(row.Intent, row.Model)) ?? throw AdminPage.NoPage();
        await using var json = AdminEndpoints.Begin(context, StatusCodes.Status200OK);
        json.WriteStartObject();
        QualityBookJson.Members(json, live, rows, gateway.Now);
        json.WriteEndObject();
    }

    private async Task VersionsAsync(HttpContext context, Administrator admin)
    {
        admin.Require(KeyRole.Viewer);
        var versions = await gateway.Quality.Book.HistoryAsync(AdminPage.Read(context), context.RequestAborted) ?? throw AdminPage.NoPage();
        await using var json = AdminEndpoints.Begin(context, StatusCodes.Status200OK);
        json.WriteStartObject();
        QualityBookJson.Members(json, gateway.Quality.Book.Live?.Info.Name ?? QualityVersion.None, versions);
        json.WriteEndObject();
    }

    private async Task DiffAsync(HttpContext context, Administrator admin)
    {
        admin.Require(KeyRole.Viewer);
        var ask = AdminPage.Read(context, "from", "to");
        var (from, to) = await gateway.Quality.Book.PairAsync(Query(context, "from"), Query(context, "to"), context.RequestAborted);
        var differences = ask.Cut(QualityDiff.Of(gateway.Configured.Catalog, from, to), static one => Cell(one.Intent, one.Model)) ?? throw AdminPage.NoPage();
        await using var json = AdminEndpoints.Begin(context, StatusCodes.Status200OK);
        json.WriteStartObject();
        QualityBookJson.Members(json, from, to, differences);
        json.WriteEndObject();
    }

    private async Task FeedbackAsync(HttpContext context, Administrator admin)
    {
        admin.Require(KeyRole.Viewer);
        var page = await gateway.Quality.Book.FeedbackAsync(AdminPage.ReadById(context), context.RequestAborted);
        await AdminPage.SendAsync(context, page, static (json, feedback) =>
        {
            json.WriteStartObject();
            QualityBookJson.Members(json, feedback);
            json.WriteEndObject();
        });
    }

    private async Task PublishAsync(HttpContext context, Administrator admin)
    {
        admin.Require(KeyRole.Editor);
        using var body = await AdminEndpoints.ReadAsync(context);
        Only(body.RootElement, "shadow", "reason");
        var shadow = Member(body.RootElement, "shadow") switch
        {
            null or { ValueKind: JsonValueKind.False } => false,
            { ValueKind: JsonValueKind.True } => true,
            _ => throw new GatewayException(GatewayError.Invalid("shadow", "shadow must be true or false.")),
        };
        var reason = Member(body.RootElement, "reason") switch
        {
            null => "feedback",
            { ValueKind: JsonValueKind.String } text when text.GetString() is { Length: > 0 and <= LongestReason } given => given,
            _ => throw new GatewayException(GatewayError.Invalid("reason", $"reason must be a text of 1 to {LongestReason} characters.")),
        };
        var made = await gateway.Quality.Book.PublishAsync(gateway.Quality.Publication(reason, admin.Id, shadow), context.RequestAborted);
        await using var json = AdminEndpoints.Begin(context, StatusCodes.Status201Created);
        json.WriteStartObject();
        QualityBookJson.Members(json, made!.Info);
        json.WriteEndObject();
    }

    private async Task RollBackAsync(HttpContext context, Administrator admin)
    {
        admin.Require(KeyRole.Editor);
        using var body = await AdminEndpoints.ReadAsync(context);
        Only(body.RootElement, "version");
        var version = Member(body.RootElement, "version") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var given) && given >= 0
            ? given
            : throw new GatewayException(GatewayError.Invalid("version", "version must be the number of a version, e.g. 6; 0 is the catalog's own table."));
        var found = await gateway.Quality.Book.RollBackAsync(version, admin.Id, context.RequestAborted);
        await using var json = AdminEndpoints.Begin(context, StatusCodes.Status200OK);
        json.WriteStartObject();
        json.WriteString("live", found?.Name ?? QualityVersion.None);
        json.WriteEndObject();
    }

    // What a row of a table is told apart by, in the address of the next page.
    private static string Cell(Intent intent, string model) => $"{intent.Name()}:{model}";

    private static string? Query(HttpContext context, string name) => context.Request.Query[name] is [{ Length: > 0 } text] ? text : null;

    private static GatewayException NoIntent(string name) => new(GatewayError.Invalid(
        "intent", $"There is no intent '{(name.Length <= 60 ? name : name[..60])}'. There are: {string.Join(", ", Intents.Names)}."));

    private static JsonElement? Member(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static void Only(JsonElement body, params string[] names)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new GatewayException(GatewayError.Invalid(null, "The body must be an object."));
        }

        if (body.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !names.Contains(name, StringComparer.Ordinal)) is { } stray)
        {
            throw new GatewayException(GatewayError.Invalid(stray.Length <= 60 ? stray : stray[..60], $"There is no such field. There are: {string.Join(", ", names)}."));
        }
    }
}
