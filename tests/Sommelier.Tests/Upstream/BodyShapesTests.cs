using System.Text;
using Sommelier.Upstream;

namespace Sommelier.Tests.Upstream;

public sealed class BodyShapesTests
{
    [Theory]
    [InlineData("{\"id\":1}", nameof(BodyShape.Json))]
    [InlineData(" \r\n[1]", nameof(BodyShape.Json))]
    [InlineData("\uFEFF{}", nameof(BodyShape.Json))]
    [InlineData("data: {}", nameof(BodyShape.Events))]
    [InlineData("event: ping", nameof(BodyShape.Events))]
    [InlineData(": OPENROUTER PROCESSING", nameof(BodyShape.Events))]
    [InlineData("id: 1", nameof(BodyShape.Events))]
    [InlineData("<html>", nameof(BodyShape.Other))]
    [InlineData("upstream connect error", nameof(BodyShape.Other))]
    [InlineData("", nameof(BodyShape.Unknown))]
    [InlineData("\n\n", nameof(BodyShape.Unknown))]
    public void Tells_by_the_first_byte(string body, string shape) =>
        Assert.Equal(shape, BodyShapes.Of(Encoding.UTF8.GetBytes(body)).ToString());
}
