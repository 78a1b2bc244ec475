// Runs the echo server by itself: `dotnet run -c Release --project tests/Dispatch.Rpc.EchoHost -- PORT`.
using System.Globalization;
using TrafficDispatch.Rpc.EchoHost;

int port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0;
await using WebApplication app = EchoApp.Create(EchoApp.Loopback(port));
await app.StartAsync();
Console.WriteLine($"ready {app.Urls.First()}");
await app.WaitForShutdownAsync();
