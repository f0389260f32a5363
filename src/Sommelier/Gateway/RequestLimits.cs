using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Gateway;

/// <summary>What a request may weigh.</summary>
internal sealed record RequestLimits
{
    /// <summary>The largest body, in bytes. Default 32 MB.</summary>
    public long MaxBodyBytes { get; init; } = 32_000_000;

    /// <summary>The most header fields. Default 100.</summary>
    public int MaxHeaders { get; init; } = 100;

    /// <summary>All header fields together, in bytes. Default 32 KiB.</summary>
    public int MaxHeaderBytes { get; init; } = 32_768;

    /// <summary>The deepest nesting of a JSON body, up to what the wire formats read. Default 64.</summary>
    public int MaxJsonDepth { get; init; } = JsonLimits.MaxDepth;

    /// <summary>How long sending headers and body may take the caller. Default 2 min.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest name of a model, in characters: it is kept with the request.</summary>
    public const int LongestModelName = 512;

    /// <summary>Refuses a model whose name is longer than <see cref="LongestModelName"/>.</summary>
    /// <exception cref="GatewayException">It is.</exception>
    public static void HoldName(string model)
    {
        if (model.Length > LongestModelName)
        {
            throw new GatewayException(GatewayError.Invalid("model", $"The model's name has {model.Length} characters; there is none of more than {LongestModelName}. Use 'auto', 'provider/model' or an id of GET /v1/models."));
        }
    }

    /// <summary>Refuses a body that is nested deeper than <see cref="MaxJsonDepth"/>.</summary>
    /// <exception cref="GatewayException">It is.</exception>
    public void HoldDepth(ReadOnlySpan<byte> body)
    {
        // The wire formats hold to their own limit; only a lower one needs a pass of its own.
        if (MaxJsonDepth >= JsonLimits.MaxDepth)
        {
            return;
        }

        var reader = new Utf8JsonReader(body, JsonLimits.Reader);
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= MaxJsonDepth && reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    throw new GatewayException(GatewayError.Invalid(null, $"The body is nested deeper than {MaxJsonDepth} levels. Flatten it, or raise server.limits.max_json_depth."));
                }
            }
        }
        catch (JsonException)
        {
            // Not our question: the wire format will say what is wrong.
        }
    }
}
