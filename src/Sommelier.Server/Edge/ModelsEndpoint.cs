using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Gateway;

namespace Sommelier.Server.Edge;

/// <summary><c>GET /v1/models</c> and <c>/v1/models/{id}</c>: every name that a caller may send, in the caller's shape.</summary>
internal sealed class ModelsEndpoint(GatewayHost gateway)
{
    /// <summary>The whole list in OpenAI's shape; a page of it in Anthropic's.</summary>
    public async Task ListAsync(HttpContext context, string requestId)
    {
        gateway.Authorize(CallerCredential.Read(context.Request), "models");
        var anthropic = IsAnthropic(context.Request);
        IReadOnlyList<ServedName> names = ServedNames.Of(gateway.Snapshot);

        // Anthropic's dialect has no embeddings.
        names = anthropic ? [.. names.Where(static name => !name.Embeds)] : names;
        var page = anthropic ? ModelPage.OfAnthropic(context.Request.Query, names) : new(0, names.Count, false);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        if (!anthropic)
        {
            json.WriteString("object", "list");
        }

        json.WriteStartArray("data");
        for (var at = page.First; at < page.First + page.Count; at++)
        {
            Write(json, names[at], anthropic);
        }

        json.WriteEndArray();
        if (anthropic)
        {
            json.WriteBoolean("has_more", page.HasMore);
            json.WriteString("first_id", page.Count > 0 ? names[page.First].Id : null);
            json.WriteString("last_id", page.Count > 0 ? names[page.First + page.Count - 1].Id : null);
        }

        json.WriteEndObject();
    }

    /// <summary>One name, or 404.</summary>
    public async Task GetAsync(HttpContext context, string requestId, string id)
    {
        gateway.Authorize(CallerCredential.Read(context.Request), "models");
        if (ServedNames.Find(gateway.Snapshot, id) is not { } name)
        {
            await ErrorReplies.SendAsync(context, requestId, Unknown(id));
            return;
        }

        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        Write(json, name, IsAnthropic(context.Request));
    }

    /// <summary>A page of the list in Google's shape.</summary>
    public async Task ListGeminiAsync(HttpContext context)
    {
        gateway.Authorize(CallerCredential.Read(context.Request), "models");
        IReadOnlyList<ServedName> names = ServedNames.Of(gateway.Snapshot);
        var page = ModelPage.OfGoogle(context.Request.Query, names);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        GeminiModels.WriteList(json, names, page);
    }

    /// <summary>One name in Google's shape, or 404.</summary>
    public async Task GetGeminiAsync(HttpContext context, string requestId, string id)
    {
        gateway.Authorize(CallerCredential.Read(context.Request), "models");
        if (ServedNames.Find(gateway.Snapshot, id) is not { } name)
        {
            await ErrorReplies.SendAsync(context, requestId, Unknown(id));
            return;
        }

        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        GeminiModels.Write(json, name);
    }

    private static GatewayError Unknown(string id) => new(
        GatewayErrorKind.ModelNotFound,
        $"There is no model '{(id.Length <= 80 ? id : id[..80])}' here. GET /v1/models lists those that are served.",
        StatusCodes.Status404NotFound,
        "model");

    private static bool IsAnthropic(HttpRequest request) => request.Headers.ContainsKey("anthropic-version");

    private static void Write(Utf8JsonWriter json, ServedName name, bool anthropic)
    {
        var released = new DateTimeOffset(name.Deployment?.ReleaseDate ?? new DateOnly(2026, 1, 1), TimeOnly.MinValue, TimeSpan.Zero);
        json.WriteStartObject();
        json.WriteString("id", name.Id);
        if (anthropic)
        {
            json.WriteString("type", "model");
            json.WriteString("display_name", name.Display);
            json.WriteString("created_at", released.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteString("object", "model");
            json.WriteNumber("created", released.ToUnixTimeSeconds());
            json.WriteString("owned_by", name.Deployment?.Provider ?? "sommelier");
        }

        if (name.Deployment is { } deployment)
        {
            WriteFacts(json, deployment);
        }

        json.WriteEndObject();
    }

    private static void WriteFacts(Utf8JsonWriter json, Deployment deployment)
    {
        if (deployment.Lifecycle.RetiresOn is { } retires)
        {
            json.WriteString("shutdown_date", retires.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        }

        json.WriteStartObject("sommelier");
        if (deployment.Kind == ModelKind.Embedding)
        {
            json.WriteString("kind", "embedding");
        }

        if (deployment.ContextWindow is { } window)
        {
            json.WriteNumber("context_window", window);
        }

        if (deployment.MaxOutputTokens is { } output)
        {
            json.WriteNumber("max_output_tokens", output);
        }

        if (deployment.Price is { } price)
        {
            json.WriteStartObject("usd_per_million");
            json.WriteNumber("input", price.InputUsdPerMillion);
            json.WriteNumber("output", price.OutputUsdPerMillion);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
