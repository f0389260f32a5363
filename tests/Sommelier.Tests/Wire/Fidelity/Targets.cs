using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Fidelity;

/// <summary>A wire format as its own vendor's provider speaks it to a model that can do everything.</summary>
internal sealed record Target(string Format, string Provider)
{
    private static readonly Target[] Known =
    [
        new("openai-chat", "openai"),
        new("openai-responses", "openai"),
        new("anthropic-messages", "anthropic"),
        new("gemini", "gemini"),
        new("bedrock-converse", "bedrock"),
        new("ollama", "ollama"),
    ];

    /// <summary>The dialects that callers speak, as far as they are registered.</summary>
    public static IReadOnlyList<Target> All { get; } = [.. Known.Where(target => WireFormats.All.Any(format => format.Name == target.Format))];

    public IWireFormat Wire => WireFormats.Get(Format);

    /// <summary>A model that can do everything: what the vendor's format cannot say is lost at every model.</summary>
    public static Deployment Model { get; } = new()
    {
        Id = "p/model-1",
        Provider = "p",
        Model = "model-1",
        CanonicalModel = "model-1",
        MaxOutputTokens = 32_000,
        Capabilities = (Capabilities)~0,
        Reasoning = new() { Efforts = ["none", "minimal", "low", "medium", "high", "xhigh", "max"], Budget = false },
        Price = new() { InputUsdPerMillion = 1, OutputUsdPerMillion = 2, Source = "test", SourceDate = new(2026, 11, 1) },
        Sources = ["test"],
    };

    public WireTarget Write(string model = "model-1") => new()
    {
        Model = model,
        Quirks = ProviderRegistry.Find(Provider)!.Quirks(Model with { Maker = Maker }, Format),
        MaxOutputTokens = Model.MaxOutputTokens,
    };

    /// <summary>A request's bytes in this format, and what was lost on the way.</summary>
    public (byte[] Body, IReadOnlyList<Warning> Warnings) Bytes(ChatRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        var warnings = new List<Warning>();
        Wire.Requests.Write(request, Write(request.OriginalModel), output, warnings);
        return (output.WrittenSpan.ToArray(), warnings);
    }

    private string Maker => Format == "bedrock-converse" ? "anthropic" : "";

    public override string ToString() => Format;
}
