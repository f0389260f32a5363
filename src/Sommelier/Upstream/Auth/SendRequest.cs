namespace Sommelier.Upstream.Auth;

/// <summary>Sends a request for credentials; the reply's body is not read yet. In the gateway: <see cref="UpstreamHttp.SendAsync"/>.</summary>
internal delegate Task<HttpResponseMessage> SendRequest(HttpRequestMessage request, CancellationToken cancellationToken);
