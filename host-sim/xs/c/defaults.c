/*
 * Which of XS's optional parts are linked in. A board's firmware is stripped (manifest.json, "strip"):
 * functions have no `length` and no `name`, which is two slots a closure, and errors keep no stack. It is
 * the same here. xsDefaults.c, which has everything, is compiled under another name (toolchain/build.js).
 */
#include "xsAll.h"

const txDefaults gxDefaults = {
	.newAsyncInstance = fxNewAsyncInstance,
	.runAsync = fxRunAsync,
	.newGeneratorInstance = fxNewGeneratorInstance,
	.newGeneratorFunctionInstance = fxNewGeneratorFunctionInstance,
	.newAsyncGeneratorInstance = fxNewAsyncGeneratorInstance,
	.newAsyncGeneratorFunctionInstance = fxNewAsyncGeneratorFunctionInstance,
	.runForAwaitOf = fxRunForAwaitOf,
	.newArgumentsSloppyInstance = fxNewArgumentsSloppyInstance,
	.newArgumentsStrictInstance = fxNewArgumentsStrictInstance,
	.runEval = fxRunEval,
	.runEvalEnvironment = fxRunEvalEnvironment,
	.runProgramEnvironment = fxRunProgramEnvironment,
	.initializeSharedCluster = fxInitializeSharedCluster,
	.terminateSharedCluster = fxTerminateSharedCluster,
	.newFunctionLength = NULL,
	.newFunctionName = NULL,
	.runImport = fxRunImport,
	.definePrivateProperty = fxDefinePrivateProperty,
	.getPrivateProperty = fxGetPrivateProperty,
	.setPrivateProperty = fxSetPrivateProperty,
	.cleanupFinalizationRegistries = fxCleanupFinalizationRegistries,
	.captureErrorStack = NULL,
};
