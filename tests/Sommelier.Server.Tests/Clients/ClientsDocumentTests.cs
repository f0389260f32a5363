using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace Sommelier.Server.Tests.Clients;

/// <summary>docs/clients.md names the versions that the tests run.</summary>
public sealed class ClientsDocumentTests
{
    private static readonly string Document = Read("docs", "clients.md");

    [Fact]
    public void Versions_of_agents_are_those_that_were_recorded()
    {
        var fixtures = Directory.GetFiles(Path.Combine(Repository.Root, "tests", "clients", "agents", "fixtures"), "*.json");

        Assert.NotEmpty(fixtures);
        foreach (var fixture in fixtures.Select(file => JsonNode.Parse(File.ReadAllText(file))!))
        {
            var version = ((string)fixture["version"]!).Split(' ').Single(word => char.IsAsciiDigit(word[0]));
            Assert.Contains($"tested: {version}", Document, StringComparison.Ordinal);
            Assert.Contains((string)fixture["recorded"]!, Document, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("openai", "OpenAI SDK for JavaScript")]
    [InlineData("@anthropic-ai/sdk", "Anthropic SDK for JavaScript")]
    [InlineData("@google/genai", "Google GenAI SDK")]
    [InlineData("@aws-sdk/client-bedrock-runtime", "AWS SDK for JavaScript")]
    [InlineData("ollama", "Ollama's SDK")]
    [InlineData("ai", "Vercel AI SDK")]
    [InlineData("@langchain/openai", "LangChain's `ChatOpenAI`")]
    [InlineData("@langchain/langgraph", "LangGraph")]
    public void Versions_of_npm_packages_are_those_of_the_tests(string package, string name)
    {
        var version = (string?)JsonNode.Parse(Read("tests", "clients", "package.json"))!["dependencies"]![package];

        Assert.Contains($"{name} {version}", Document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OpenAI", "OpenAI for .NET")]
    [InlineData("Anthropic", "Anthropic for .NET")]
    [InlineData("OllamaSharp", "OllamaSharp")]
    [InlineData("Microsoft.Extensions.AI.OpenAI", "Microsoft.Extensions.AI")]
    public void Versions_of_NuGet_packages_are_those_of_the_tests(string package, string name)
    {
        var version = XDocument.Parse(Read("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(entry => (string?)entry.Attribute("Include") == package).Attribute("Version")!.Value;

        Assert.Contains($"{name} {version}", Document, StringComparison.Ordinal);
    }

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));
}
