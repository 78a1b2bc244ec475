using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using TrafficDispatch.Rpc.EchoHost;
using TrafficDispatch.Rpc.EchoHost.V1;

namespace TrafficDispatch.Rpc.Tests.Client;

public sealed class TlsTests
{
    [Fact]
    public async Task Call_OverTls_IsAnsweredToAClientThatTrustsTheCertificate()
    {
        using X509Certificate2 certificate = SelfSigned();
        await using WebApplication app = EchoApp.Create(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            listen.UseHttps(certificate);
        }));
        await app.StartAsync();
        using var trusting = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString(),
            },
        };
        using GrpcChannel channel = GrpcChannel.ForAddress(app.Urls.First(), new GrpcChannelOptions { HttpHandler = trusting });
        var echo = new Echo.EchoClient(channel);
        Assert.Equal("over TLS", (await echo.UnaryAsync(new EchoRequest { Text = "over TLS" })).Text);
        using var call = echo.Chat();
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "stream" });
        Assert.True(await call.ResponseStream.MoveNext());

        using GrpcChannel wary = GrpcChannel.ForAddress(app.Urls.First());
        RpcException e = await EchoServer.Failure(async () => await new Echo.EchoClient(wary).UnaryAsync(new EchoRequest()));
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
    }

    private static X509Certificate2 SelfSigned()
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
