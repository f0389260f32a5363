using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Sommelier.Gateway;
using Sommelier.Server.Edge.Admin;

namespace Sommelier.Server.Edge;

/// <summary>Kestrel, set up for a gateway: limits on everything that a caller controls, nothing between socket and pipeline.</summary>
internal static class EdgeServer
{
    /// <summary>Builds the web application around a gateway; start it with <c>RunAsync</c>.</summary>
    public static WebApplication Build(GatewayHost gateway, EdgeOptions options, Action<ILoggingBuilder> logging)
    {
        // Empty: the usual builder would listen where an appsettings.json of the current folder or a variable says, past our own rules.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ReadBlocks.Factory>();
        logging(builder.Logging);
        // It would log every address with its query, where some clients put their key. While it logs at all it also makes an activity and a
        // scope for every request, which nobody reads and every await then carries along.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.ShutdownTimeout);
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // The pipeline enforces its own, reloadable limit with an error in the caller's dialect.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MaxRequestHeaderCount = options.MaxHeaderCount;
            kestrel.Limits.MaxRequestHeadersTotalSize = options.MaxHeaderBytes;
            kestrel.Limits.RequestHeadersTimeout = options.RequestTimeout;

            // No body is larger than the largest one, so one that is unfinished when its time is up is always below this rate.
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(Math.Max(1, options.MaxBodyBytes / options.RequestTimeout.TotalSeconds), options.RequestTimeout);
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = options.Certificate ?? https.ServerCertificate);
            // A slow reader of a stream is a normal caller; backpressure holds memory down, not a data-rate limit.
            kestrel.Limits.MinResponseDataRate = null;
        });

        var application = builder.Build();
        var issuer = options.Oidc is { } oidc ? new OidcIssuer(oidc, options.Time, gateway.Logger) : null;
        var endpoints = new Endpoints(gateway, issuer);
        application.Lifetime.ApplicationStopped.Register(() => issuer?.Dispose());
        application.Run(options.Cors is { } cors ? new CrossOrigin(cors, endpoints.ServeAsync).ServeAsync : endpoints.ServeAsync);
        return application;
    }
}
