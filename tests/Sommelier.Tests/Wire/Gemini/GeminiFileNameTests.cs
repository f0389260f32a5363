using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Providers;
using Sommelier.Wire;

namespace Sommelier.Tests.Wire.Gemini;

public sealed class GeminiFileNameTests
{
    [Theory]
    [InlineData("gemini", false)]
    [InlineData("vertex", true)]
    public void A_files_name_goes_only_to_the_host_that_takes_it(string provider, bool named)
    {
        var deployment = new Deployment { Id = "p/m", Provider = "p", Model = "m", CanonicalModel = "m" };
        var request = new ChatRequest
        {
            OriginalModel = "m",
            Format = "openai-chat",
            Messages = [new(Role.User, [new BlobPart("application/pdf", "JVBERi0xLjQK", "bill.pdf")])],
        };
        var output = new ArrayBufferWriter<byte>();

        WireFormats.Get("gemini").Requests.Write(request, new WireTarget { Model = "m", Quirks = ProviderRegistry.Find(provider)!.Quirks(deployment, "gemini") }, output, []);

        var body = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.Contains("JVBERi0xLjQK", body, StringComparison.Ordinal);
        Assert.Equal(named, body.Contains("\"displayName\":\"bill.pdf\"", StringComparison.Ordinal));
    }
}
