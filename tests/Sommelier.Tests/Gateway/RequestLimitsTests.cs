using System.Text;
using Sommelier.Gateway;

namespace Sommelier.Tests.Gateway;

public sealed class RequestLimitsTests
{
    private static readonly RequestLimits Shallow = new() { MaxJsonDepth = 8 };

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void A_body_may_be_as_deep_as_the_limit(int depth, bool allowed)
    {
        var body = Encoding.UTF8.GetBytes(new string('[', depth) + "1" + new string(']', depth));

        if (allowed)
        {
            Shallow.HoldDepth(body);
        }
        else
        {
            Assert.Contains("max_json_depth", Assert.Throws<GatewayException>(() => Shallow.HoldDepth(body)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_json_is_left_to_the_wire_format() => Shallow.HoldDepth("{\"a\":"u8);
}
