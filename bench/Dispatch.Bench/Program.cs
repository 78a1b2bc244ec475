using BenchmarkDotNet.Running;
using TrafficDispatch.Bench;

// dotnet run -c Release --project bench/Dispatch.Bench -- lookup [FOLDER]     plain medians beside libmaxminddb
// DISPATCH_WORLD=$PWD/data/world dotnet run -c Release --project bench/Dispatch.Bench -- --filter '*'     BenchmarkDotNet
if (args is ["lookup", ..]) return LookupComparison.Run(args.Length > 1 ? args[1] : Path.Combine("artifacts", "mmdb"));
BenchmarkSwitcher.FromAssembly(typeof(PrefixLookup).Assembly).Run(args);
return 0;
