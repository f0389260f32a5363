using System.Globalization;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Gateway;
using Sommelier.Wire;
using Sommelier.Wire.Json;

namespace Sommelier.Server.Edge;

/// <summary>Everything at Ollama's addresses, <c>/api/…</c>: chat, completion and embeddings, and the facts that its clients ask for first.</summary>
internal sealed class OllamaEndpoint(GatewayHost gateway)
{
    /// <summary>The version that clients are told: the least that has what is served here.</summary>
    public const string Version = "0.12.0";

    private readonly ChatEndpoint chat = new(gateway, WireFormats.Get("ollama"));
    private readonly ChatEndpoint embed = new(gateway, WireFormats.Get("ollama-embed"));
    private readonly ChatEndpoint embeddings = new(gateway, WireFormats.Get("ollama-embeddings"));
    private readonly ChatEndpoint generate = new(gateway, WireFormats.Get("ollama-generate"));

    /// <summary>The one HTTP method that an address takes; null for an address that is not served.</summary>
    public static string? Takes(string path) => path switch
    {
        "/api/chat" or "/api/generate" or "/api/embed" or "/api/embeddings" or "/api/show" => HttpMethods.Post,
        "/api/tags" or "/api/version" or "/api/ps" => HttpMethods.Get,
        _ => null,
    };

    /// <summary>Serves a request.</summary>
    public Task ServeAsync(HttpContext context, string requestId) => context.Request.Path.Value switch
    {
        "/api/chat" => chat.ServeAsync(context, requestId),
        "/api/generate" => generate.ServeAsync(context, requestId),
        "/api/embed" => embed.ServeAsync(context, requestId),
        "/api/embeddings" => embeddings.ServeAsync(context, requestId),
        "/api/show" => ShowAsync(context, requestId),
        "/api/tags" => WriteAsync(context, json => WriteList(json, ServedNames.Of(gateway.Snapshot))),
        "/api/ps" => WriteAsync(context, json => WriteList(json, [])),
        _ => WriteAsync(context, static json => json.WriteString("version", Version)),
    };

    private async Task ShowAsync(HttpContext context, string requestId)
    {
        using var exchange = new HttpExchange(context);
        gateway.Authorize(CallerCredential.Read(context.Request), "models");
        var body = await exchange.ReadBodyAsync(gateway.Snapshot.Limits.MaxBodyBytes, context.RequestAborted);
        using var document = JsonBody.Parse(body);
        var root = new JsonFields(document.RootElement, "");
        var asked = root.Text("model") ?? root.RequiredText("name", "a model's name");
        var id = Wire.Ollama.OllamaModel.Name(asked);
        if (ServedNames.Find(gateway.Snapshot, id) is not { } name)
        {
            await ErrorReplies.SendAsync(context, requestId, new(GatewayErrorKind.ModelNotFound, $"model '{(id.Length <= 80 ? id : id[..80])}' not found. GET /api/tags lists those that are served.", StatusCodes.Status404NotFound, "model"));
            return;
        }

        await WriteAsync(context, json => WriteFacts(json, name));
    }

    private async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        gateway.Authorize(CallerCredential.Read(context.Request), "models");
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter json, IEnumerable<ServedName> names)
    {
        json.WriteStartArray("models");
        foreach (var name in names)
        {
            json.WriteStartObject();
            json.WriteString("name", name.Id);
            json.WriteString("model", name.Id);
            json.WriteString("modified_at", Released(name));

            // The weights are not here: no size, and no digest of them.
            json.WriteNumber("size", 0);
            json.WriteString("digest", "");
            WriteDetails(json, name);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFacts(Utf8JsonWriter json, ServedName name)
    {
        json.WriteString("modified_at", Released(name));
        json.WriteString("template", "");
        WriteDetails(json, name);
        json.WriteStartObject("model_info");
        json.WriteString("general.architecture", "sommelier");
        if (name.Deployment?.ContextWindow is { } window)
        {
            json.WriteNumber("sommelier.context_length", window);
        }

        json.WriteEndObject();
        json.WriteStartArray("capabilities");
        json.WriteStringValue(name.Embeds ? "embedding" : "completion");
        foreach (var (capability, word) in (ReadOnlySpan<(Catalog.Capabilities, string)>)[(Catalog.Capabilities.Tools, "tools"), (Catalog.Capabilities.Vision, "vision"), (Catalog.Capabilities.Reasoning, "thinking")])
        {
            // A policy has a model for whatever is asked.
            if (name.Deployment is null || name.Deployment.Can(capability))
            {
                json.WriteStringValue(word);
            }
        }

        json.WriteEndArray();
    }

    private static void WriteDetails(Utf8JsonWriter json, ServedName name)
    {
        json.WriteStartObject("details");
        json.WriteString("parent_model", "");
        json.WriteString("format", "");
        json.WriteString("family", name.Deployment?.Family ?? "");
        json.WriteStartArray("families");
        json.WriteEndArray();
        json.WriteString("parameter_size", "");
        json.WriteString("quantization_level", "");
        json.WriteEndObject();
    }

    private static string Released(ServedName name) =>
        (name.Deployment?.ReleaseDate ?? new DateOnly(2026, 1, 1)).ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture);
}
