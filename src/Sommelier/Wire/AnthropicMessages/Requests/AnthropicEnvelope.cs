using System.Text.Json;

namespace Sommelier.Wire.AnthropicMessages;

/// <summary>
/// What the body says at another vendor's address (Vertex AI, Bedrock) in place of headers: the version and the betas. The
/// model stands in the path there.
/// </summary>
/// <remarks>Source: the official SDKs for Vertex AI and Bedrock.</remarks>
internal static class AnthropicEnvelope
{
    /// <summary>Whether a member of the caller's body has no place in such a body.</summary>
    public static bool IsCut(string member, WireQuirks quirks) =>
        quirks.BodyVersion is not null && (member is "model" or "anthropic_version" || (member is "stream" && !quirks.BodyStream));

    /// <summary>Writes the members.</summary>
    public static void Write(WireTarget target, Utf8JsonWriter writer)
    {
        writer.WriteString("anthropic_version"u8, target.Quirks.BodyVersion);
        if (target.Betas.Count > 0)
        {
            writer.WriteStartArray("anthropic_beta"u8);
            foreach (var beta in target.Betas)
            {
                writer.WriteStringValue(beta);
            }

            writer.WriteEndArray();
        }
    }
}
