using System.Text.Encodings.Web;
using System.Text.Json;
using Sommelier.Accounts;
using Sommelier.Accounts.Administration;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Ledger;

namespace Sommelier.Server.Edge.Admin;

/// <summary><c>/admin/organisations</c>, <c>/admin/teams</c>, <c>/admin/keys</c>, <c>/admin/audit</c>, <c>/admin/ledger</c>, <c>/admin/quality</c> and <c>/admin/canaries</c>.</summary>
/// <remarks>
/// <code>
/// GET    /admin/keys          a page of them, oldest first
/// POST   /admin/keys          makes one; the answer holds the key itself, this once
/// GET    /admin/keys/{id}     one, with what it has spent
/// PATCH  /admin/keys/{id}     changes what the body names; null clears
/// DELETE /admin/keys/{id}     revokes it
/// </code>
/// </remarks>
internal sealed class AdminEndpoints(GatewayHost gateway, OidcIssuer? issuer)
{
    /// <summary>What every path here begins with.</summary>
    public const string Prefix = "/admin/";

    private const int LargestBody = 256 * 1024;
    private static readonly JsonWriterOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions Read = new() { MaxDepth = 16 };

    private readonly LedgerEndpoint ledger = new(gateway);
    private readonly QualityEndpoint quality = new(gateway);
    private readonly CanaryEndpoint canaries = new(gateway);

    /// <summary>The kind of accounts that stands under a part of the address, or null.</summary>
    public static AccountKind? KindOf(string part) => part switch
    {
        "organisations" => AccountKind.Organisation,
        "teams" => AccountKind.Team,
        "keys" => AccountKind.Key,
        _ => null,
    };

    /// <summary>Serves one request.</summary>
    public async Task ServeAsync(HttpContext context, string requestId)
    {
        Administrator? admin = null;
        try
        {
            admin = await Administrator.AuthenticateAsync(gateway, issuer, CallerCredential.Read(context.Request), context.RequestAborted);
            await DispatchAsync(context, requestId, admin);
        }
        catch (GatewayException refusal) when (AdminActs.Refused(context, admin, refusal, gateway) is { } refused)
        {
            await gateway.NoteAsync(refused);
            throw;
        }
    }

    private async Task DispatchAsync(HttpContext context, string requestId, Administrator admin)
    {
        var parts = context.Request.Path.Value![Prefix.Length..].Split('/');
        var kind = KindOf(parts[0]);
        try
        {
            var served = (parts, kind) switch
            {
                (["audit"], _) when HttpMethods.IsGet(context.Request.Method) => AuditAsync(context, admin),
                (["ledger"], _) when HttpMethods.IsGet(context.Request.Method) => ledger.ListAsync(context, admin),
                (["ledger", { Length: > 0 } id], _) when HttpMethods.IsGet(context.Request.Method) => ledger.GetAsync(context, admin, id),
                (["ledger", { Length: > 0 } id, "bodies"], _) when HttpMethods.IsGet(context.Request.Method) => ledger.BodiesAsync(context, admin, id),
                (["audit"] or ["ledger"] or ["ledger", { Length: > 0 }] or ["ledger", { Length: > 0 }, "bodies"], _) => WrongMethodAsync(context, requestId, "GET"),
                (["quality", .. var path], _) when QualityEndpoint.MethodOf(path) is { } method => string.Equals(context.Request.Method, method, StringComparison.Ordinal)
                    ? quality.ServeAsync(context, admin, path)
                    : WrongMethodAsync(context, requestId, method),
                (["canaries", .. var path], _) when CanaryEndpoint.MethodOf(path) is { } method => string.Equals(context.Request.Method, method, StringComparison.Ordinal)
                    ? canaries.ServeAsync(context, admin, path)
                    : WrongMethodAsync(context, requestId, method),
                ([_], { } of) => ManyAsync(context, requestId, admin, of),
                ([_, { Length: > 0 } id], { } of) => OneAsync(context, requestId, admin, of, id),
                _ => ErrorReplies.SendAsync(context, requestId, ErrorReplies.NoEndpoint(context.Request)),
            };
            await served;
        }
        catch (AccountException wrong)
        {
            throw new GatewayException(wrong.IsMissing
                ? new(GatewayErrorKind.ModelNotFound, wrong.Message, StatusCodes.Status404NotFound, wrong.Field, "account_not_found")
                : GatewayError.Invalid(wrong.Field, wrong.Message));
        }
    }

    private Task ManyAsync(HttpContext context, string requestId, Administrator admin, AccountKind kind) => context.Request.Method switch
    {
        "GET" => ListAsync(context, admin, kind),
        "POST" => CreateAsync(context, admin, kind),
        _ => WrongMethodAsync(context, requestId, "GET, POST"),
    };

    private Task OneAsync(HttpContext context, string requestId, Administrator admin, AccountKind kind, string id)
    {
        if (gateway.Accounts.Directory.Find(id)?.Kind != kind)
        {
            throw AccountException.Missing(id);
        }

        return context.Request.Method switch
        {
            "GET" => GetAsync(context, admin, id),
            "PATCH" => ChangeAsync(context, admin, id),
            "DELETE" => CloseAsync(context, admin, id),
            _ => WrongMethodAsync(context, requestId, "GET, PATCH, DELETE"),
        };
    }

    private static Task WrongMethodAsync(HttpContext context, string requestId, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return ErrorReplies.SendAsync(context, requestId, ErrorReplies.WrongMethod(context.Request, allowed));
    }

    private async Task ListAsync(HttpContext context, Administrator admin, AccountKind kind)
    {
        admin.Require(KeyRole.Viewer);
        await AdminPage.SendAsync(context, gateway.Accounts.Read(kind, AdminPage.Read(context)) ?? throw AdminPage.NoPage(), static (json, account) =>
        {
            json.WriteStartObject();
            AccountJson.Members(json, account);
            json.WriteEndObject();
        });
    }

    private async Task GetAsync(HttpContext context, Administrator admin, string id)
    {
        admin.Require(KeyRole.Viewer);
        var account = gateway.Accounts.Directory.Find(id)!;
        var spent = new List<(SpendWindow Window, SpendTotal Total)>();
        foreach (var window in Enum.GetValues<SpendWindow>())
        {
            spent.Add((window, await gateway.Accounts.SpendAsync(id, window, context.RequestAborted)));
        }

        await using var json = Begin(context, StatusCodes.Status200OK);
        json.WriteStartObject();
        AccountJson.Members(json, account);
        json.WriteStartObject("spent");
        foreach (var (window, total) in spent)
        {
            AccountJson.Spend(json, window, total);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private async Task CreateAsync(HttpContext context, Administrator admin, AccountKind kind)
    {
        admin.Require(KeyRole.Editor);
        using var body = await ReadAsync(context);
        if (kind != AccountKind.Key)
        {
            var made = await gateway.Accounts.CreateAsync(kind, account => AccountChange.Apply(account, body.RootElement), admin.Id, context.RequestAborted);
            await SendAsync(context, StatusCodes.Status201Created, made, null);
            return;
        }

        var (key, secret) = await gateway.Accounts.CreateKeyAsync(
            key => Allowed(admin, (KeyAccount)AccountChange.Apply(key, body.RootElement)), admin.Id, context.RequestAborted);
        await SendAsync(context, StatusCodes.Status201Created, key, secret);
    }

    private async Task ChangeAsync(HttpContext context, Administrator admin, string id)
    {
        admin.Require(KeyRole.Editor);
        using var body = await ReadAsync(context);
        var changed = await gateway.Accounts.ChangeAsync(id, account => Allowed(admin, AccountChange.Apply(Allowed(admin, account), body.RootElement)), admin.Id, context.RequestAborted);
        await SendAsync(context, StatusCodes.Status200OK, changed, null);
    }

    private async Task CloseAsync(HttpContext context, Administrator admin, string id)
    {
        admin.Require(KeyRole.Editor);
        Allowed(admin, gateway.Accounts.Directory.Find(id)!);
        await SendAsync(context, StatusCodes.Status200OK, await gateway.Accounts.CloseAsync(id, admin.Id, context.RequestAborted), null);
    }

    private async Task AuditAsync(HttpContext context, Administrator admin)
    {
        admin.Require(KeyRole.Viewer);
        await AdminPage.SendAsync(context, await gateway.Accounts.ReadAuditAsync(AdminPage.ReadById(context), context.RequestAborted), static (json, act) =>
        {
            json.WriteStartObject();
            json.WriteString("id", act.Id);
            json.WriteString("at", EntryJson.Moment(act.At));
            json.WriteString("actor", act.Actor);
            json.WriteString("action", act.Action);
            json.WriteString("subject", act.Subject);
            json.WritePropertyName("detail");
            json.WriteRawValue(act.Detail);
            json.WriteEndObject();
        });
    }

    // Only an admin makes, changes or revokes the keys of administrators.
    private static T Allowed<T>(Administrator admin, T account)
        where T : Account
    {
        if (account is KeyAccount { Role: not KeyRole.Caller })
        {
            admin.Require(KeyRole.Admin);
        }

        return account;
    }

    /// <summary>Reads the body of a call.</summary>
    /// <exception cref="GatewayException">It is too large, or not JSON.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpContext context)
    {
        if (ContentTypes.Problem(context.Request) is { } problem)
        {
            throw new GatewayException(problem);
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[8192];
        while (await context.Request.Body.ReadAsync(chunk, context.RequestAborted) is var read and > 0)
        {
            buffer.Write(chunk, 0, read);
            if (buffer.Length > LargestBody)
            {
                throw new GatewayException(new(GatewayErrorKind.RequestTooLarge, $"The body is larger than {LargestBody} bytes.", StatusCodes.Status413PayloadTooLarge));
            }
        }

        try
        {
            var body = buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
            HoldText(body.Span);
            return JsonDocument.Parse(body, Read);
        }
        catch (InvalidOperationException)
        {
            throw new GatewayException(GatewayError.Invalid(null, "A text of the body holds half of a surrogate pair (\\ud800 to \\udfff alone), or is not UTF-8. Send whole characters."));
        }
        catch (JsonException wrong)
        {
            throw new GatewayException(GatewayError.Invalid(null, $"The body is not JSON: {wrong.Message}"));
        }
    }

    // Every name and text is read once, so that nobody who takes one out later meets half a character.
    private static void HoldText(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Read.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
            {
                _ = reader.GetString();
            }
        }
    }

    private static async Task SendAsync(HttpContext context, int status, Account account, string? secret)
    {
        await using var json = Begin(context, status);
        json.WriteStartObject();
        if (secret is not null)
        {
            json.WriteString("key", secret);
        }

        AccountJson.Members(json, account);
        json.WriteEndObject();
    }

    /// <summary>Begins a reply in JSON that no cache keeps.</summary>
    public static Utf8JsonWriter Begin(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        return new(context.Response.BodyWriter, Written);
    }
}
